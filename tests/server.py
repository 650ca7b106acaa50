"""Running the tests against a server that is already there, pooled or not.

INSULA_TEST_SERVER is an administrator's address; INSULA_TEST_POOLER, as host:port, is
where the runtime and operator roles connect instead.
"""

import os
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import psycopg

from organizations.tenancy.roles import (
    backup_statements,
    role_statements,
    superuser_statements,
)


def on_server(databases: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the database entries pointed at the server of the environment."""
    server = urlsplit(os.environ["INSULA_TEST_SERVER"])
    pooler = os.environ.get("INSULA_TEST_POOLER", "")
    moved = {}
    for alias, entry in databases.items():
        host, port = server.hostname, server.port or 5432
        if pooler and alias != "owner":
            host, _, port = pooler.partition(":")
        moved[alias] = {
            **entry,
            "HOST": host,
            "PORT": str(port),
            "PASSWORD": "",
            "BEFORE_CONNECT": "tests.server.prepare",
        }
    return moved


@cache
def prepare() -> None:
    """Make the roles once in the server's cluster."""
    address = os.environ["INSULA_TEST_SERVER"]
    with psycopg.connect(address, autocommit=True) as session:
        # Two test processes start at the same moment.
        session.execute("SELECT pg_advisory_lock(hashtext('insula tests'))")
        if not exists(session):
            session.execute("CREATE DATABASE insula")
        for statement in role_statements("insula", "insula"):
            session.execute(statement)
        for statement in backup_statements("insula", "insula"):
            session.execute(statement)
        for statement in superuser_statements("insula"):
            session.execute(statement)


def exists(session: psycopg.Connection) -> bool:
    found = session.execute("SELECT 1 FROM pg_database WHERE datname = 'insula'")
    return found.fetchone() is not None
