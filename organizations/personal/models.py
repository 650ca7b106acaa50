"""Copies of what is kept about a person, made for that person."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.rules import IDENTITY, USER


class State(models.TextChoices):
    """What has become of a copy; worked out from its moments."""

    ASKED = "asked", _("Being prepared")
    READY = "ready", _("Ready")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed")


class PersonalExport(models.Model):
    """The latest copy that one person asked for; a new one takes its place."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    asked_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # Under an unguessable name; empty once the file is deleted.
    file = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)

    rls: ClassVar[dict[str, Any]] = {
        "read": f"{IDENTITY} OR user_id = {USER}",
        "write": f"{IDENTITY} OR user_id = {USER}",
    }

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"],
                condition=~models.Q(file=""),
                name="personal_export_kept",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)

    @property
    def state(self) -> State:
        """Where the copy stands now."""
        if self.failed_at is not None:
            return State.FAILED
        if self.expires_at is None:
            return State.ASKED
        if self.expires_at <= timezone.now() or not self.file:
            return State.EXPIRED
        return State.READY
