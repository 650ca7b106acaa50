"""Which tables of an organization travel in its archive, derived from the models.

A tenant's new table is in the archive without a line of code. A model that must not
travel, or a column that must not, says so with its reason:

    archive: ClassVar[dict[str, Any]] = {"stays": "why the table is left out"}
    archive: ClassVar[dict[str, Any]] = {"columns": {"name": "why this is left out"}}

One that names a file of the organization in a column says in which, so that it never
leads to another one's: `{"files": ["path"]}`. A FileField says so by itself.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, FileField, Model

from organizations.audit.models import AuditEntry
from organizations.models import Membership, Organization
from organizations.tenancy.fields import OrganizationKey, TenantForeignKey
from organizations.tenancy.models import TenantRow

MADE_BY_DATABASE: Final = "made by the database from other columns"
OWN_KEY: Final = "organization_id"


@dataclass(frozen=True)
class Table:
    """One table as it travels: its columns with their types, and whom they name.

    `key` is the column of the organization, `order` the one that rows are read by;
    `people` and `parents` say of a column whether it may be empty, `files` which ones
    name a file.
    """

    model: type[Model]
    name: str
    key: str
    order: str
    columns: dict[str, str]
    left_out: dict[str, str]
    people: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, tuple[str, bool]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def is_log(self) -> bool:
        return self.model is AuditEntry

    def place(self, row: dict[str, str | None]) -> Any:
        """Return where a row stands in the order; None when it says nothing of it."""
        if self.order not in self.columns:
            # The organization's own row, of which there is one.
            return ""
        value = row.get(self.order)
        if value is None or not self.is_log:
            return value
        return int(value) if value.isdecimal() else None

    @property
    def only_once(self) -> bool:
        """Whether a person may have one row only in some respect, which nobody else
        can be given."""
        ruled = (getattr(one, "fields", ()) for one in self.model._meta.constraints)
        return any(set(self.people) & columns_of(self.model, one) for one in ruled)


@cache
def tables() -> list[Table]:
    """Return the tables that travel, each behind those whose rows its own name."""
    found = {one.name: one for one in map(table_of, travellers())}
    first = Membership._meta.db_table
    graph = {
        name: sorted(
            {parent for parent, _empty in one.parents.values()} - {name}
            | ({first} if one.people and name != first else set())
        )
        for name, one in found.items()
    }
    return [found[name] for name in TopologicalSorter(graph).static_order()]


def travellers() -> Iterator[type[Model]]:
    for model in owned():
        if issubclass(model, TenantRow) and "stays" not in declared(model):
            yield model


def owned() -> list[type[Model]]:
    """Return every model whose rows name an organization, by their tables' names."""
    models = (m for m in apps.get_models(include_auto_created=True) if is_owned(m))
    return sorted(models, key=lambda model: model._meta.db_table)


def is_owned(model: type[Model]) -> bool:
    named = {one.related_model for one in model._meta.local_concrete_fields}
    return Organization in named and not model._meta.proxy


def declared(model: type[Model]) -> dict[str, Any]:
    """Return what a model says about its travelling, its package's answer included."""
    whole = settings.TENANCY["GLOBAL_APPS"].get(model._meta.app_label)
    if whole is not None:
        return {"stays": whole.reason}
    return model.__dict__.get("archive", {})


def staying() -> dict[str, str]:
    """Return the tables that stay behind, each with its reason."""
    found = {model._meta.db_table: declared(model) for model in owned()}
    return {name: said["stays"] for name, said in found.items() if "stays" in said}


@cache
def organization_table() -> Table:
    """Return the organization's own row as a table."""
    return table_of(Organization)


def table_of(model: type[Model]) -> Table:
    own = model is Organization
    left_out = dict(declared(model).get("columns", {}))
    made = Table(
        model,
        model._meta.db_table,
        key="id" if own else OWN_KEY,
        order="sequence" if model is AuditEntry else "id",
        columns={},
        left_out=left_out,
    )
    for one in model._meta.local_concrete_fields:
        if getattr(one, "generated", False):
            left_out[str(one.column)] = MADE_BY_DATABASE
        elif not (one.column in left_out or is_key(one, own=own)):
            add(made, one)
    return made


def is_key(one: Any, *, own: bool) -> bool:
    return isinstance(one, OrganizationKey) or (own and one.primary_key)


def add(table: Table, one: Any) -> None:
    table.columns[one.column] = one.db_type(connection)
    named = declared(table.model).get("files", ())
    if isinstance(one, FileField) or one.column in named:
        table.files.append(one.column)
    if isinstance(one, TenantForeignKey):
        table.parents[one.column] = (one.related_model._meta.db_table, one.null)
    elif one.related_model is get_user_model():
        table.people[one.column] = one.null


def columns_of(model: type[Model], names: Iterable[str]) -> set[str]:
    """Return the columns of some of a model's fields."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return {one.column for one in fields}


def default_text(table: Table, column: str) -> str | None:
    """Return what a row gets in a column that its archive did not know yet.

    LookupError when the column needs a value and has none of its own.
    """
    found: Field[Any, Any] = next(
        one for one in table.model._meta.local_concrete_fields if one.column == column
    )
    if found.null:
        return None
    may_be_blank = found.blank and found.empty_strings_allowed
    if not found.has_default() and not may_be_blank:
        raise LookupError(column)
    value = found.get_default()
    text = json.dumps(value, cls=DjangoJSONEncoder)
    return value if isinstance(value, str) else text.strip('"')
