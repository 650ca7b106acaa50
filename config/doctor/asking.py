"""Asking the database, a few seconds at most, whatever asks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import connections, transaction

from organizations.tenancy import no_context

SECONDS: Final = 5
REMEMBER: Final = "SELECT current_setting('statement_timeout')"
LIMIT: Final = "SELECT set_config('statement_timeout', %s, true)"

Answer = TypeVar("Answer")


@contextmanager
def limited(alias: str) -> Iterator[Any]:
    """Yield a cursor whose statements end after a few seconds, in a savepoint."""
    is_within = connections[alias].in_atomic_block
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        # A request may go on in the same transaction; a limit of our own ends with it.
        before = one(cursor, REMEMBER) if is_within else ""
        cursor.execute(LIMIT, [f"{SECONDS}s"])
        yield cursor
        if is_within:
            cursor.execute(LIMIT, [before])


@contextmanager
def catalog(alias: str) -> Iterator[Any]:
    """Yield such a cursor outside every context: it sees the catalog, no rows."""
    with no_context(), limited(alias) as cursor:
        yield cursor


def one(cursor: Any, statement: str, *values: Any) -> Any:
    """Return the first column of the first row."""
    cursor.execute(statement, values or None)
    return cursor.fetchone()[0]


def within(seconds: float, function: Any, *values: Any) -> Any:
    """Return what a function says, or raise TimeoutError; it may go on in its thread.

    Only for what opens no connection to the database: a thread would keep its own.
    """
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        return pool.submit(function, *values).result(timeout=seconds)
    finally:
        pool.shutdown(wait=False)


def reader() -> str:
    """Return the connection that sees most: the operator's, where there is one."""
    return "operator" if "operator" in connections else "default"


def is_server() -> bool:
    """Whether people other than developers may be served here."""
    return not (settings.DEVELOPMENT and settings.DEBUG)
