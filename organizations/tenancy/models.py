"""Abstract models: a tenant's row, and one that can be put in the trash."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from uuid_utils.compat import uuid7 as make_uuid7

from organizations.tenancy.context import CrossTenant
from organizations.tenancy.fields import OrganizationKey, TenantForeignKey, UpdatedAt
from organizations.tenancy.managers import LiveManager, TenantManager, WithTrashManager

_new_id: ContextVar[Callable[[], uuid.UUID]] = ContextVar("new_id", default=make_uuid7)


def uuid7() -> uuid.UUID:
    """Return a new time-ordered id; PostgreSQL before 18 has no generator."""
    return _new_id.get()()


@contextmanager
def ids_from(source: Callable[[], uuid.UUID]) -> Iterator[None]:
    """Take new ids from elsewhere for a block: demo stories repeat theirs."""
    token = _new_id.set(source)
    try:
        yield
    finally:
        _new_id.reset(token)


class Timestamped(models.Model):
    """A row that knows when it was made and last changed, kept by the database."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = UpdatedAt()

    class Meta:
        abstract = True


class TenantRow(models.Model):
    """A row of one organization, walled in by policies, keys and this manager.

    Append-only tables derive from it directly; everything else from TenantModel.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = OrganizationKey()

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def validate_constraints(self, exclude: Any = None) -> None:
        # No form edits the organization, yet every unique rule begins with it.
        super().validate_constraints(set(exclude or ()) - {"organization"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_foreign_objects()
        super().save(*args, **kwargs)

    def refuse_foreign_objects(self) -> None:
        """Raise CrossTenant when a loaded relation is another organization's."""
        other: Any
        for field in self._meta.concrete_fields:
            if isinstance(field, TenantForeignKey) and field.is_cached(self):
                other = field.get_cached_value(self)
                if other and other.organization_id != self.organization_id:
                    raise CrossTenant(f"{field.name} is of another organization")

    def _do_update(  # type: ignore[override]
        self,
        base_qs: Any,
        using: Any,
        pk_val: Any,
        values: Any,
        update_fields: Any,
        forced_update: Any,
    ) -> Any:
        # An UPDATE names its organization in WHERE and never in SET.
        values = [item for item in values if item[0].attname != "organization_id"]
        return super()._do_update(  # type: ignore[call-arg]
            base_qs.filter(organization_id=self.organization_id),
            using,
            pk_val,
            values,
            update_fields,
            forced_update,
        )


class TenantModel(Timestamped, TenantRow):
    """A tenant's row with the two timestamps: what a new room derives from."""

    class Meta(TenantRow.Meta):
        abstract = True


class SoftDeleteModel(TenantModel):
    """A tenant's row that goes to the trash first; `deleted_at` says since when."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LiveManager()  # type: ignore[misc]
    with_trash = WithTrashManager()

    class Meta(TenantModel.Meta):
        abstract = True
        base_manager_name = "with_trash"
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-created_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="%(app_label)s_%(class)s_live",
            ),
        ]

    def remove(self) -> bool:
        """Put the row in the trash; False when it is there already."""
        if self.deleted_at is not None:
            return False
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])
        return True

    def restore(self) -> bool:
        """Take the row out of the trash; False when it is not there."""
        if self.deleted_at is None:
            return False
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])
        return True
