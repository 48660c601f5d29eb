#ifndef POSTRIDER_CLIBPQ_SHIM_H
#define POSTRIDER_CLIBPQ_SHIM_H
#include <libpq-fe.h>
#endif
