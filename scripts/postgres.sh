#!/usr/bin/env bash
# A throw-away PostgreSQL with a pgbouncer in transaction mode before it, for the tests.
#
#   scripts/postgres.sh start FOLDER   starts both below FOLDER and writes FOLDER/env; does nothing when they run
#   scripts/postgres.sh stop FOLDER    stops both and removes FOLDER
#   scripts/postgres.sh env FOLDER     prints FOLDER/env, which a shell can source
#
# It uses the installed programs and neither Debian's cluster nor its services. Both listen on free ports of the loopback interface
# alone. PostgreSQL refuses to run as root, so that root runs it as the user postgres, or else nobody.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=scripts/nginx.sh
source "$here/nginx.sh"

usage() {
    echo "usage: $0 start|stop|env FOLDER" >&2
    exit 2
}

[[ $# -eq 2 ]] || usage
verb="$1"
mkdir -p "$(dirname "$2")"
folder="$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"

programs() {
    local path
    path="$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)"
    [[ -n "$path" ]] || path="$(command -v initdb || true)"
    [[ -n "$path" ]] || { echo "PostgreSQL is not installed (Debian: postgresql)" >&2; return 1; }
    dirname "$path"
}

owner() {
    if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# as_owner COMMAND...: as the user who may run PostgreSQL.
as_owner() {
    if [[ "$(id -u)" -eq 0 ]]; then
        setpriv --reuid "$(owner)" --regid "$(id -g "$(owner)")" --clear-groups "$@"
    else
        "$@"
    fi
}

secret() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# True when the process of a pid file lives.
lives() {
    local pid
    pid="$(head -n 1 "$1" 2>/dev/null || true)"
    [[ -n "$pid" ]] && kill -0 "$pid" 2>/dev/null
}

stop() {
    local state="" attempt
    if [[ -f "$folder/state" ]]; then state="$(cat "$folder/state")"; fi
    if [[ -n "$state" && -d "$state" ]]; then
        if lives "$state/pgbouncer.pid"; then kill -TERM "$(cat "$state/pgbouncer.pid")" || true; fi
        if lives "$state/data/postmaster.pid"; then
            as_owner "$(programs)/pg_ctl" -D "$state/data" -m immediate -w stop >/dev/null || true
        fi
        for attempt in $(seq 100); do
            lives "$state/pgbouncer.pid" || break
            [[ "$attempt" -lt 50 ]] || kill -KILL "$(cat "$state/pgbouncer.pid")" || true
            sleep 0.05
        done
        rm -rf "$state"
    fi
    rm -rf "$folder"
}

# What the server is told: small, and as careful with the disk as in earnest.
write_server_configuration() {
    cat >>"$state/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$state'
max_connections = 200
shared_buffers = 32MB
max_wal_size = 256MB
fsync = on
password_encryption = 'scram-sha-256'
log_min_messages = fatal
log_timezone = 'UTC'
CONF
    printf 'local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n' >"$state/data/pg_hba.conf"
}

write_pooler_configuration() {
    cat >"$state/pgbouncer.ini" <<CONF
[databases]
* = host=127.0.0.1 port=$port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $state/users.txt
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
server_login_retry = 0.5
logfile = $state/pgbouncer.log
pidfile = $state/pgbouncer.pid
log_connections = 0
log_disconnections = 0
CONF
    printf '"postrider" "%s"\n"postgres" "%s"\n' "$password" "$admin_password" >"$state/users.txt"
}

# What a test uses to stop the server under load and to start it again.
write_control() {
    local prefix=""
    if [[ "$(id -u)" -eq 0 ]]; then
        prefix="setpriv --reuid $(owner) --regid $(id -g "$(owner)") --clear-groups"
    fi
    cat >"$folder/control" <<CONTROL
#!/bin/sh
# stop, crash, start or restart: the server of this folder, waiting for the end.
cd /
control() { $prefix '$bin/pg_ctl' -D '$state/data' -l '$state/server.log' -w -t 60 "\$@" >/dev/null </dev/null; }
case "\$1" in
    stop) control -m fast stop ;;
    crash) control -m immediate stop ;;
    start) control start ;;
    restart) control -m fast restart ;;
    *) echo "usage: \$0 stop|crash|start|restart" >&2; exit 2 ;;
esac
CONTROL
    chmod 755 "$folder/control"
}

write_environment() {
    local server="127.0.0.1:$port" pooler="127.0.0.1:$pooler_port"
    cat >"$folder/env" <<ENV
export POSTRIDER_TEST_POSTGRES_URL='postgresql://postrider:$password@$server/postrider'
export POSTRIDER_TEST_PGBOUNCER_URL='postgresql://postrider:$password@$pooler/postrider'
export POSTRIDER_TEST_POSTGRES_SUPERUSER_URL='postgresql://postgres:$admin_password@$server/postrider'
export POSTRIDER_TEST_POSTGRES_CONTROL='$folder/control'
ENV
}

start() {
    if [[ -f "$folder/env" && -f "$folder/state" ]]; then
        state="$(cat "$folder/state")"
        if lives "$state/data/postmaster.pid" && lives "$state/pgbouncer.pid"; then return 0; fi
    fi
    stop
    bin="$(programs)"
    local pgbouncer
    pgbouncer="$(PATH="$PATH:/usr/sbin" command -v pgbouncer)" || { echo "pgbouncer is not installed" >&2; return 1; }
    port="$(free_port)"
    pooler_port="$(free_port)"
    password="$(secret)"
    admin_password="$(secret)"

    mkdir -p "$folder"
    # The data lies in the folder, unless its owner cannot go there or the path is too long for a socket (107 bytes).
    state="$folder/state.d"
    mkdir -p "$state"
    if ! as_owner test -x "$folder" || [[ ${#state} -gt 80 ]]; then
        rm -rf "$state"
        state="$(mktemp -d /tmp/postrider-postgres.XXXXXX)"
    fi
    echo "$state" >"$folder/state"
    if [[ "$(id -u)" -eq 0 ]]; then chown "$(owner)" "$state"; fi
    chmod 700 "$state"

    # The programs look at the current folder, which their user may not be allowed to.
    cd /
    printf '%s' "$admin_password" | as_owner tee "$state/password" >/dev/null
    as_owner "$bin/initdb" -D "$state/data" -U postgres --pwfile "$state/password" -A scram-sha-256 \
        -E UTF8 --locale C.UTF-8 --no-sync --no-instructions >"$folder/initdb.log" 2>&1 \
        || { cat "$folder/initdb.log" >&2; return 1; }
    write_server_configuration
    write_pooler_configuration
    if [[ "$(id -u)" -eq 0 ]]; then chown -R "$(owner)" "$state"; fi
    write_control
    "$folder/control" start || { cat "$state/server.log" >&2; return 1; }
    PGPASSWORD="$admin_password" "$bin/psql" -q -X -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres -d postgres <<SQL
CREATE ROLE postrider LOGIN CREATEDB PASSWORD '$password';
CREATE DATABASE postrider OWNER postrider;
SQL
    as_owner "$pgbouncer" -q -d "$state/pgbouncer.ini" </dev/null >/dev/null
    write_environment
}

case "$verb" in
    start) start ;;
    stop) stop ;;
    env) cat "$folder/env" ;;
    *) usage ;;
esac
