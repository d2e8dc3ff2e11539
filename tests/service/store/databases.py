"""Databases for tests: a PostgreSQL database of one's own, made and dropped again.

Run as a program, it says whether there is a server to make one on.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

ADDRESS_VARIABLE = "AFTERRUN_TEST_DATABASE_URL"
PORT = os.environ.get("PGPORT", "5432")
#: Tried in turn unless the variable names a server; the last role is the one that tests/services.sh makes.
USUAL_SERVERS = tuple(
    f"postgresql://{role}@127.0.0.1:{PORT}/postgres" for role in ("postgres", "root", "afterrun_test:afterrun_test")
)


@contextmanager
def new_postgres_database() -> Iterator[str]:
    """The address of an empty database that goes when the block ends. Without a server the test is skipped."""
    server = _server()
    name = f"afterrun_test_{uuid.uuid4().hex}"
    _execute(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _server() -> str:
    """The first server that answers. Where everything has to be tested, having none is a failure."""
    server, reason = _answering_server()
    return server or _do_without(reason)


@cache
def _answering_server() -> tuple[str | None, str]:
    reason = ""
    named = os.environ.get(ADDRESS_VARIABLE)
    for server in [named] if named else USUAL_SERVERS:
        try:
            psycopg.connect(server, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            reason = reason or str(error).splitlines()[0]
        else:
            return server, ""
    return None, reason


def _do_without(reason: str) -> NoReturn:
    told = f"no PostgreSQL to test with ({reason}); tests/services.sh starts one, {ADDRESS_VARIABLE} names one"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def _execute(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    sys.exit(_answering_server()[1] or 0)
