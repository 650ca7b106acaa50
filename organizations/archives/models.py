"""Archives that owners asked for, each kept for a week."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import TenantModel

OPEN = models.Q(finished_at=None, failed_at=None)


class State(models.TextChoices):
    """What has become of an archive; worked out from its moments."""

    ASKED = "asked", _("Being written")
    READY = "ready", _("Ready")
    EXPIRED = "expired", _("Deleted")
    FAILED = "failed", _("Failed")


class Export(TenantModel):
    """One archive of the organization that an owner asked for; sizes are in bytes."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # Under an unguessable name; empty once the file is deleted.
    file = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    archive: ClassVar[dict[str, Any]] = {"stays": "archives are not in archives"}

    class Meta(TenantModel.Meta):
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], condition=OPEN, name="archives_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-created_at", "-id"],
                name="archives_export_newest",
            ),
            models.Index(
                fields=["organization", "asked_by"], name="archives_export_asker"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"

    @property
    def state(self) -> State:
        """Where the archive stands now."""
        if self.failed_at is not None:
            return State.FAILED
        if self.finished_at is None:
            return State.ASKED
        if (
            not self.file
            or self.expires_at is None
            or self.expires_at <= timezone.now()
        ):
            return State.EXPIRED
        return State.READY
