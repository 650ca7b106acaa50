"""Migrations wait for locks a little while only, and then try again.

Whoever waits for a lock has everybody else wait behind: a table that a long report
reads would stand still for all as long as a migration queues for it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from organizations.tenancy.context import no_context

# The waits between tries, in seconds: others work meanwhile.
PAUSES: Final = (2, 4, 8, 16)


def patiently(
    work: Callable[[], object],
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Do a piece of work that may be begun anew, again after each lock not got."""
    for seconds in PAUSES:
        try:
            work()
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            tell(
                f"A table was in use for {settings.TENANCY['MIGRATE_LOCK_SECONDS']} s:"
                f" trying again in {seconds} s."
            )
            pause(seconds)
    work()


@contextmanager
def short_waits(connection: Any) -> Iterator[None]:
    """Give up a lock after the set time inside, and a statement never."""
    seconds = settings.TENANCY["MIGRATE_LOCK_SECONDS"]
    say(connection, f"SET lock_timeout = '{seconds}s'", "SET statement_timeout = 0")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            say(connection, "RESET lock_timeout", "RESET statement_timeout")


def say(connection: Any, *statements: str) -> None:
    """Run settings of a session, whatever context there is."""
    with no_context(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
