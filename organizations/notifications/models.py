"""What people were told, what they want to hear, and what they want to hear nothing of."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import TenantModel
from organizations.tenancy.rules import ORG

# A person's own, also for owners. Jobs of the organization itself act for nobody:
# they write what somebody is told, and read what is to be mailed.
OWN: Final = f"organization_id = {ORG} AND user_id = ANY (app.acting_for())"
EXCERPT_LENGTH: Final = 280
# What stands in an inbox now, and what of that is new.
LISTED: Final = models.Q(in_inbox=True, archived_at=None, withdrawn_at=None)
UNREAD: Final = LISTED & models.Q(read_at=None)
FOR_DIGEST: Final = models.Q(wants_digest=True, digested_at=None)


class Severity(models.TextChoices):
    """How much it matters; what is critical cannot be switched off."""

    NORMAL = "normal", _("Normal")
    CRITICAL = "critical", _("Critical")


class Channel(models.TextChoices):
    """A way in which somebody is told."""

    APP = "app", _("Inbox")
    EMAIL = "email", _("E-mail")
    DIGEST = "digest", _("Daily digest")


class Notification(TenantModel):
    """One thing one person was told because of one event.

    The words are made when it is read. `subject_id` is what those about one thing are
    grouped by, `part_id` the part of it, as a comment. Withdrawn is what is about
    something in the trash. It ends with the person's place in the organization, by a
    key of its own (0002).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    event_id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity)
    # Whoever has left is out of sight: their name is kept as it was.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField(max_length=201, blank=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=201, blank=True)
    part_id = models.UUIDField(null=True)
    excerpt = models.CharField(max_length=EXCERPT_LENGTH, blank=True)
    path = models.CharField(max_length=200)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    in_inbox = models.BooleanField(default=True)
    wants_digest = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    rls: ClassVar[dict[str, Any]] = {"read": OWN, "write": OWN}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "event_id", "kind"],
                name="notifications_told_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "-created_at", "-id"],
                condition=models.Q(in_inbox=True, withdrawn_at=None),
                name="notifications_inbox",
            ),
            # The frame of each page counts these.
            models.Index(
                fields=["organization", "user"],
                condition=UNREAD,
                name="notifications_unread",
            ),
            models.Index(
                fields=["organization", "subject_id", "user", "-id"],
                name="notifications_subject",
            ),
            models.Index(
                fields=["organization", "user"],
                condition=FOR_DIGEST,
                name="notifications_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}"


class Preference(TenantModel):
    """One person's choice of one channel for one kind, where it is not the default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    is_on = models.BooleanField()

    rls: ClassVar[dict[str, Any]] = {"read": OWN, "write": OWN}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "kind", "channel"],
                name="notifications_one_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class Mute(TenantModel):
    """One thing of which one person wants to hear only what is critical."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()

    rls: ClassVar[dict[str, Any]] = {"read": OWN, "write": OWN}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "subject_id"],
                name="notifications_mute_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class DigestDay(TenantModel):
    """The last day, by a person's own clock, whose digest was sent to them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()

    rls: ClassVar[dict[str, Any]] = {"read": OWN, "write": OWN}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="notifications_digest_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
