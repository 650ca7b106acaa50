"""The database alias follows the context: staff work on the operator's connection."""

from typing import Any

from organizations.tenancy.context import current


class TenancyRouter:
    """Chooses the operator's connection inside an operator context."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        context = current()
        if context is not None and context.mode == "operator":
            return "operator"
        return "default"

    db_for_write = db_for_read

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != "operator"
