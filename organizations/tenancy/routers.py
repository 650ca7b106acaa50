"""The database alias follows the context: staff work on the operator's connection, and
pages may be read from a standby."""

from typing import Any

from organizations.tenancy.context import current
from organizations.tenancy.replica import PRIMARY, REPLICA, reading


def is_staffs() -> bool:
    """Return whether staff work in the present context."""
    context = current()
    return context is not None and context.mode == "operator"


class TenancyRouter:
    """Chooses the operator's connection inside an operator context, and otherwise the
    standby for what is only read, where that is open."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "operator" if is_staffs() else reading()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "operator" if is_staffs() else PRIMARY

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db not in {"operator", REPLICA}
