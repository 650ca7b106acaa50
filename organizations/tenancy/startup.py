"""A process serves only through a connection that the policies hold."""

import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.backends.signals import connection_created

from organizations.tenancy.context import no_context
from organizations.tenancy.replica import PRIMARY, REPLICA
from organizations.tenancy.versions import is_too_old, readable

# What a web server takes for "do not try again".
BOOT_ERROR = 3

POWERS = """
WITH RECURSIVE mine AS (
  SELECT oid FROM pg_roles WHERE rolname = session_user
  UNION SELECT m.roleid FROM mine JOIN pg_auth_members m ON m.member = mine.oid)
SELECT r.rolname, r.rolname = session_user, r.rolsuper, r.rolbypassrls, EXISTS (
  SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND n.nspname = 'public')
FROM mine JOIN pg_roles r ON r.oid = mine.oid"""


# Whose role is looked at when they first open; a standby does when somebody reads from it.
RUNTIME = (PRIMARY, REPLICA)


class UnsafeConnection(ImproperlyConfigured):
    """The runtime connection could see past the policies."""


def reasons(connection: Any) -> Iterator[str]:
    """Yield why nobody may be served through an open connection."""
    version = connection.connection.info.server_version
    if is_too_old(version):
        yield (
            f"PostgreSQL {readable(version)} has known holes in row security:"
            " 15.14, 16.10, 17.6 or newer is needed"
        )
    with no_context(), connection.cursor() as cursor:
        cursor.execute(POWERS)
        rows = cursor.fetchall()
    for name, is_self, is_super, bypasses, owns in rows:
        who = f"the role {name}" if is_self else f"a member of {name}, which"
        if is_super:
            yield f"{who} is a superuser"
        elif bypasses:
            yield f"{who} has BYPASSRLS"
        elif owns:
            yield f"{who} owns tables"
        elif not is_self:
            yield f"{who} it could become"


def refusal(connection: Any) -> str:
    """Return one sentence saying why not to serve, or nothing."""
    found = list(reasons(connection))
    if not found:
        return ""
    return (
        "Not serving: DATABASE_URL must sign in as a role that row security holds,"
        f" but {'; '.join(found)}."
    )


def examine(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Refuse a process's first connection of each kind when it is too mighty."""
    if connection.alias not in RUNTIME:
        return
    sentence = refusal(connection)
    if sentence:
        connection.close()
        raise UnsafeConnection(sentence)
    if REPLICA not in connections.settings or connection.alias == REPLICA:
        connection_created.disconnect(examine)


def guard() -> None:
    """End the process with one sentence when it must not serve.

    While the database is away nobody is served anyway: then the first connection that
    comes about is examined.
    """
    if not settings.TENANCY["EXAMINE_AT_START"]:
        return
    connection_created.connect(examine)
    try:
        connections["default"].ensure_connection()
    except OperationalError:
        return
    except UnsafeConnection as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(BOOT_ERROR)
    connections["default"].close()
