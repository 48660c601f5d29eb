"""Databases on the PostgreSQL server that the test script starts (`scripts/postgres.sh`)."""

import contextlib
import os
import secrets
import subprocess


@contextlib.contextmanager
def database_url(kind):
    """None for "sqlite", which is a file of the program's own; for "postgres" the URL of a database that is dropped afterwards."""
    if kind == "sqlite":
        yield None
        return
    server = os.environ.get("POSTRIDER_TEST_POSTGRES_URL")
    assert server, "no PostgreSQL: run this by `make test`, or source what `scripts/postgres.sh env FOLDER` prints"
    name = f"test_{secrets.token_hex(6)}"
    _psql(server, f"CREATE DATABASE {name}")
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        _psql(server, f"DROP DATABASE {name} WITH (FORCE)")


def _psql(url, statement):
    subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-c", statement, url], check=True, timeout=60)
