"""The columns that make a table a tenant's table."""

import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.db.models.sql.where import WhereNode

from organizations.tenancy.context import CrossTenant, current, required_organization


def active_organization() -> uuid.UUID | None:
    """Return the current organization, for a new row that names none."""
    context = current()
    return context.organization_id if context else None


class OrganizationKey(models.ForeignKey):
    """The tenant column; its class alone makes the schema editor wall the table in."""

    def __init__(self, to: Any = None, on_delete: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_index", False)
        kwargs["default"] = active_organization
        super().__init__(
            to or "organizations.Organization", on_delete or models.CASCADE, **kwargs
        )
        # The database's own cascade takes the rows along, append-only ones as well,
        # which no role may delete by itself.
        self.remote_field.on_delete = models.DO_NOTHING

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        kwargs["on_delete"] = models.CASCADE
        return name, path, list(args), kwargs

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = getattr(instance, self.attname)
        organization_id = required_organization()
        if value is None:
            value = organization_id
            setattr(instance, self.attname, value)
        if organization_id is not None and value != organization_id:
            raise CrossTenant(
                f"{instance!r} belongs to {value},"
                f" the active organization is {organization_id}"
            )
        return value


class TenantForeignKey(models.ForeignKey):
    """A foreign key inside one organization.

    In the database it is (organization_id, x_id) -> (organization_id, id), so a
    foreign organization's id fails exactly like one that does not exist.
    """

    def get_extra_restriction(
        self, alias: str | None, related_alias: str | None
    ) -> WhereNode | None:
        ours: Any = self.model._meta.get_field("organization")
        where = WhereNode()
        if alias and related_alias:
            theirs: Any = self.related_model._meta.get_field("organization")
            lookup = ours.get_lookup("exact")
            where.add(lookup(ours.get_col(related_alias), theirs.get_col(alias)), "AND")
            return where
        if related_alias:
            # exclude() over a to-many relation trims the join and asks what is left.
            from organizations.tenancy.expressions import InTenant

            where.add(InTenant(ours.get_col(related_alias)), "AND")
            return where
        return None


class UpdatedAt(models.DateTimeField):
    """The moment of the last change, moved by a trigger in the database."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["db_default"] = Now()
        kwargs["editable"] = False
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_default", None)
        kwargs.pop("editable", None)
        return name, path, list(args), kwargs
