"""How far each reader of an organization's events has come; what the product counts."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from organizations.models import Organization
from organizations.tenancy.models import TenantModel, uuid7
from organizations.tenancy.rules import IDENTITY, ORG, USER


class ReaderPlace(TenantModel):
    """How far one reader has come in one organization: the last entry's sequence."""

    reader = models.CharField(max_length=40)
    sequence = models.BigIntegerField(default=0)

    archive: ClassVar[dict[str, str]] = {
        "stays": "nobody is told again of what was recorded before"
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "reader"], name="events_readerplace_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.sequence}"


class ProductEvent(models.Model):
    """One thing that happened in the product and changed nothing: a page was found
    useful, a search was empty. Counted by staff; those of an organization are its own
    to see, and one without an organization is nobody's but theirs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
    )
    name = models.CharField(max_length=80)
    properties = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    archive: ClassVar[dict[str, str]] = {
        "stays": "counted by staff over the whole installation"
    }

    rls: ClassVar[dict[str, Any]] = {
        "read": (
            f"organization_id = {ORG} OR organization_id IS NULL AND {ORG} IS NULL"
            f" AND (user_id = {USER} OR {IDENTITY})"
        ),
        # Jobs are nobody, and tidy up.
        "write": (
            f"organization_id = {ORG}"
            f" AND (user_id IS NULL OR {USER} IS NULL OR user_id = {USER})"
            f" OR organization_id IS NULL AND {ORG} IS NULL"
            f" AND (user_id IS NULL OR user_id = {USER} OR {IDENTITY})"
        ),
        "grants": "SELECT, INSERT, DELETE",
        "operator_grants": "SELECT, DELETE",
    }

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "name", "-created_at"],
                name="events_product_organization",
            ),
            models.Index(fields=["name", "-created_at"], name="events_product_name"),
            models.Index(fields=["user"], name="events_product_user"),
        ]

    def __str__(self) -> str:
        return self.name
