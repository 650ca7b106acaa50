"""Querysets that refuse to run outside an organization."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from organizations.tenancy.context import CrossTenant, required_organization
from organizations.tenancy.expressions import InTenant


class TenantQuerySet(models.QuerySet):
    """Rows of one organization; a row never moves to another."""

    def update(self, **kwargs: Any) -> int:
        if "organization" in kwargs or "organization_id" in kwargs:
            raise CrossTenant("a row never moves to another organization")
        return super().update(**kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        required_organization()
        return super().raw(*args, **kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Adds the tenant condition to every query; NoTenant without a context."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(InTenant())

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        required_organization()
        return super().raw(*args, **kwargs)


class SoftDeleteQuerySet(TenantQuerySet):
    """Rows that can be put in the trash and taken out again, many at a time."""

    def remove(self) -> int:
        """Put the rows in the trash and return how many there were."""
        return self.filter(deleted_at=None).update(deleted_at=Now())

    def restore(self) -> int:
        """Take the rows out of the trash and return how many there were."""
        return self.exclude(deleted_at=None).update(deleted_at=None)


class LiveManager(TenantManager.from_queryset(SoftDeleteQuerySet)):  # type: ignore[misc]
    """Rows that are not in the trash: what pages and forms see."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(deleted_at=None)


class WithTrashManager(TenantManager.from_queryset(SoftDeleteQuerySet)):  # type: ignore[misc]
    """All rows of the organization, the trash included."""
