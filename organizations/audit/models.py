"""The record of every change: append-only, for organizations and for the platform."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import TenantRow, uuid7
from organizations.tenancy.rules import IDENTITY, ORG, USER

APPEND_ONLY = "SELECT, INSERT"


class ActorType(models.TextChoices):
    """What kind of actor made a change."""

    USER = "user", _("Person")
    OPERATOR = "operator", _("Operator")
    PROGRAM = "program", _("Program")
    SYSTEM = "system", _("System")


class Entry(models.Model):
    """What every record says: who, what, on which object, before and after, from where.

    `actor` keeps its row for ever: people are made anonymous, not deleted. The label
    is their name at the time: whoever has left is no colleague whose row shows one.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    actor_type = models.CharField(
        max_length=10, choices=ActorType, default=ActorType.USER
    )
    actor_label = models.CharField(max_length=201, blank=True)
    impersonator_id = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.TextField(blank=True)
    target_label = models.TextField(blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.target_label}"


class AuditEntry(TenantRow, Entry):
    """One recorded change inside an organization, chained to the one before it.

    The database gives both numbers: `sequence` has no gaps within an organization, and
    `hash` covers the entry and the hash before it.
    """

    sequence = models.BigIntegerField(editable=False)
    hash = models.BinaryField(editable=False)

    rls: ClassVar[dict[str, Any]] = {
        "grants": APPEND_ONLY,
        "operator_grants": APPEND_ONLY,
    }

    class Meta(TenantRow.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="audit_entry_place"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-created_at", "-id"], name="audit_entry_newest"
            ),
            models.Index(
                fields=["organization", "target_type", "target_id", "-created_at"],
                name="audit_entry_target",
            ),
            models.Index(
                fields=["organization", "actor", "-created_at"],
                name="audit_entry_actor",
            ),
        ]


class PlatformEntry(Entry):
    """One recorded change that belongs to no organization: a person's own account, or
    the operator's work. People may read what was recorded of their own acts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    rls: ClassVar[dict[str, Any]] = {
        "read": f"actor_id = {USER}",
        "write": f"({IDENTITY} OR actor_id = {USER}) AND {ORG} IS NULL",
        "grants": APPEND_ONLY,
        "operator_grants": APPEND_ONLY,
    }

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="audit_platform_newest"),
        ]
