"""Which table goes where: all of it from the models, nothing is listed by hand."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import ForeignKey, Model

from organizations.tenancy.policies import (
    global_tables,
    managed_models,
    organization_key,
)


@dataclass(frozen=True)
class Spread:
    """The tables by kind, each in one: sharded, whole on every node, coordinator's."""

    distributed: list[str]
    reference: list[str]
    local: list[str]

    @property
    def moved(self) -> list[str]:
        """Return the tables that become the cluster's."""
        return self.reference + self.distributed


def spread() -> Spread:
    """Return where each table belongs.

    Memberships are asked by the policies of people and organizations, on whichever node
    has the row: they are whole everywhere, and so is all that a table of every node, or
    a sharded one, points at from outside the organization.
    """
    models = managed_models()
    points = {model._meta.db_table: targets(model) for model in models}
    tenants = [model._meta.db_table for model in models if organization_key(model)]
    reference = reached({settings.TENANCY["MEMBERSHIP_TABLE"]}, points)
    sharded = [table for table in tenants if table not in reference]
    outside = {name for table in sharded for name in points[table]} - set(sharded)
    reference |= reached(outside, points)
    local = (set(points) | set(global_tables())) - reference - set(sharded)
    return Spread(sorted(sharded), sorted(reference), sorted(local))


def targets(model: type[Model]) -> set[str]:
    """Return the tables that a model's rows are bound to by a key of the database."""
    return {
        field.remote_field.model._meta.db_table
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.db_constraint  # type: ignore[attr-defined]
    }


def reached(tables: set[str], points: dict[str, set[str]]) -> set[str]:
    """Return tables with all they point at, however far."""
    found: set[str] = set()
    rest = set(tables)
    while rest:
        table = rest.pop()
        found.add(table)
        rest |= points.get(table, set()) - found
    return found
