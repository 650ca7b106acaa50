"""The cursor that sends the context in front of a statement, in one round trip."""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from organizations.tenancy.context import CLEAR_SQL, Context, NoTenant, current

IDLE = TransactionStatus.IDLE
INTRANS = TransactionStatus.INTRANS
INERROR = TransactionStatus.INERROR

# The transaction may have been told anything: after an error or a rolled-back
# savepoint the context is sent again.
UNKNOWN = object()

# These refuse company in their message; none of them reads a tenant's rows for
# anybody, so they go without a context.
ALONE = re.compile(
    r"\s*(VACUUM|REINDEX|(CREATE|DROP)\s+DATABASE"
    r"|(CREATE|DROP)\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY)\b",
    re.IGNORECASE,
)


class TenantCursor(base.Cursor):
    """Compares the context with what this transaction was last told, and tells it.

    The prefix needs the simple protocol: server-side binding and named cursors are
    refused.
    """

    def _pending(self) -> tuple[str | None, Context | None]:
        connection: Any = self.connection
        status = connection.pgconn.transaction_status
        context = current()
        if status == INTRANS:
            if getattr(connection, "tenancy_told", None) is context:
                return None, context
            return (context.sql() if context is not None else CLEAR_SQL), context
        if status == IDLE:
            connection.tenancy_told = None
            return (context.sql() if context is not None else None), context
        # An aborted transaction takes nothing but its end.
        return None, context

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "TenantCursor":
        connection: Any = self.connection
        query = as_text(query, connection)
        prefix, context = self._pending()
        if prefix is None or ALONE.match(query):
            try:
                super().execute(query, params, **kwargs)
            finally:
                forget_after(query, connection)
            return self
        connection.tenancy_told = UNKNOWN
        super().execute(prefix + query, params, **kwargs)
        self.nextset()
        if connection.pgconn.transaction_status == INTRANS:
            connection.tenancy_told = context
            forget_after(query, connection)
        return self

    def _tell_first(self, what: str) -> None:
        connection: Any = self.connection
        prefix, context = self._pending()
        if prefix is None:
            return
        if connection.autocommit and connection.pgconn.transaction_status == IDLE:
            raise NoTenant(f"{what} needs transaction.atomic() inside a context")
        connection.tenancy_told = UNKNOWN
        super().execute(prefix)
        connection.tenancy_told = context

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        self._tell_first("executemany")
        super().executemany(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self._tell_first("COPY")
        return super().copy(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        self._tell_first("stream")
        return super().stream(*args, **kwargs)


def refuse_named_cursor(*args: Any, **kwargs: Any) -> NoReturn:
    """Raise: a named cursor could not carry the context."""
    raise NoTenant("named cursors carry no context: use iterator() as it is")


def as_text(query: Any, connection: Any) -> str:
    """Return a statement as text, whatever psycopg would take."""
    if isinstance(query, str):
        return query
    return query.decode() if isinstance(query, bytes) else query.as_string(connection)


def forget_after(query: str, connection: Any) -> None:
    """Forget what a transaction was told once a savepoint may have taken it back."""
    if "rollback" in query.lower():
        connection.tenancy_told = UNKNOWN
