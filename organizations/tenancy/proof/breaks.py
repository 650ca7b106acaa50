"""The breaks a rehearsal plants: one or more for every code of the proof."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from organizations.tenancy import policies
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.policies import organization_key
from organizations.tenancy.proof import planted
from organizations.tenancy.roles import role_name
from organizations.tenancy.rules import GlobalTable


@dataclass(frozen=True)
class Break:
    """One way to break the walls, and the code the proof must answer with."""

    code: str
    name: str
    statements: tuple[str, ...] = ()
    needs_administrator: bool = False
    tampered: Callable[[], AbstractContextManager[Any]] = nullcontext


@dataclass(frozen=True)
class Ground:
    """The tables a rehearsal breaks."""

    tenant: str
    key: str
    key_column: str
    target: str
    audit: str
    table: str

    def names(self) -> dict[str, str]:
        """Return what statements are filled with."""
        owner, app, operator = policies.roles()
        ruled, rules = next(iter(settings.TENANCY["TRIGGERS"].items()))
        return {
            "purged": f'"{next(iter(settings.TENANCY["DEFINER_PURGES"]))}"',
            "ruled": f'"{ruled}"',
            "trigger": f'"{next(iter(rules))}"',
            "t": f'"{self.tenant}"',
            "audit": f'"{self.audit}"',
            "key": f'"{self.key}"',
            "key_column": f'"{self.key_column}"',
            "fk": f'"{self.key}_{self.key_column}_tenant_fk"'[:65],
            "pkey": f'"{self.key}_pkey"',
            "target": f'"{self.target}"',
            "global": f'"{self.table}"',
            "owner": owner,
            "app": app,
            "operator": operator,
            "definer": policies.definer_role(),
            "backup": role_name(settings.TENANCY["ROLE_PREFIX"], "backup"),
        }


def ground() -> Ground:
    """Choose tables to break: a plain tenant's, one with a key, one append-only."""
    walls = policies.walls()
    fields = [
        field
        for model in policies.managed_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and organization_key(model)
    ]
    field = fields[0]
    return Ground(
        tenant=field.related_model._meta.db_table,
        key=field.model._meta.db_table,
        key_column=field.column,
        target=field.related_model._meta.db_table,
        audit=next(name for name, rls in walls.items() if policies.is_append_only(rls)),
        table="django_content_type",
    )


def planned_breaks() -> Iterator[Break]:
    """Yield every break, ready to be planted."""
    names = ground().names()
    for code, name, *statements in planted.AS_OWNER:
        filled = tuple(text.format(**names) for text in statements)
        yield Break(code, name, filled)
    for code, name, *statements in planted.AS_ADMINISTRATOR:
        filled = tuple(text.format(**names) for text in statements)
        yield Break(code, name, filled, needs_administrator=True)
    yield from declaration_breaks()


def declaration_breaks() -> Iterator[Break]:
    """Yield breaks of what the settings declare."""
    table = "django_content_type"

    @contextmanager
    def listed(entry: GlobalTable | None) -> Iterator[None]:
        tables = settings.TENANCY["GLOBAL_TABLES"]
        before = tables.pop(table)
        try:
            if entry is not None:
                tables[table] = entry
            yield
        finally:
            tables[table] = before

    yield Break("I010", "model that nobody declared", tampered=lambda: listed(None))
    yield Break(
        "I012",
        "global table without a reason",
        tampered=lambda: listed(GlobalTable("SELECT", " ")),
    )
