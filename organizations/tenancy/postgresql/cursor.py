"""The cursor that sends the context in front of a statement, in one round trip."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from organizations.tenancy.context import CLEAR_SQL, Context, NoTenant, current

# The transaction may have been told anything: after an error or a rolled-back
# savepoint the context is sent again.
UNKNOWN = object()


class TenantCursor(base.Cursor):
    """Compares the context with what this transaction was last told, and tells it.

    The prefix needs the simple protocol: server-side binding and named cursors are
    refused by a system check.
    """

    def _pending(self) -> tuple[str | None, Context | None]:
        connection: Any = self.connection
        status = connection.pgconn.transaction_status
        context = current()
        if status == TransactionStatus.INERROR:
            return None, context
        if status == TransactionStatus.IDLE:
            connection.tenancy_told = None
            return (context.sql() if context is not None else None), context
        if getattr(connection, "tenancy_told", None) is context:
            return None, context
        return (context.sql() if context is not None else CLEAR_SQL), context

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "TenantCursor":
        connection: Any = self.connection
        prefix, context = self._pending()
        if prefix is None:
            try:
                super().execute(query, params, **kwargs)
            finally:
                if isinstance(query, str) and query.startswith("ROLLBACK TO"):
                    connection.tenancy_told = UNKNOWN
            return self
        if not isinstance(query, str):
            query = query.as_string(connection)
        connection.tenancy_told = UNKNOWN
        super().execute(prefix + query, params, **kwargs)
        self.nextset()
        if connection.pgconn.transaction_status == TransactionStatus.INTRANS:
            connection.tenancy_told = context
        return self

    def _tell_first(self, what: str) -> None:
        connection: Any = self.connection
        prefix, context = self._pending()
        if prefix is None:
            return
        idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        if connection.autocommit and idle:
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
