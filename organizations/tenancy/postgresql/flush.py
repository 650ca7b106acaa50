"""Emptying a test database, which the runtime role could not do itself."""

from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from organizations.tenancy.context import Context
from organizations.tenancy.roles import role_name

# Some tables refuse to be emptied: their triggers are set aside for it.
GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
WHERE NOT tgisinternal AND tgtype & 8 = 8"""


def empty_tables(connection: Any, tables: list[str]) -> None:
    """Delete every row of the tables that have any, as the owner.

    Truncating would make new files for every table and index, empty ones as well.
    """
    params = connection.get_connection_params()
    wanted = ("host", "port", "dbname", "password")
    params = {key: params[key] for key in wanted if key in params}
    owner = role_name(settings.TENANCY["ROLE_PREFIX"], "owner")
    with psycopg.connect(**params, user=owner) as session:
        session.execute(Context("operator").sql().encode())
        session.execute("SET CONSTRAINTS ALL DEFERRED")
        filled = [table for table in tables if has_rows(session, table)]
        guarded = {name for (name,) in session.execute(GUARDED)} & set(filled)
        for table in guarded:
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in filled:
            session.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        if guarded:
            # Pending checks would be in the way of the next statements.
            session.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            session.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def has_rows(session: psycopg.Connection, table: str) -> bool:
    """Return whether a table holds anything."""
    query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
    row = session.execute(query).fetchone()
    return bool(row and row[0])
