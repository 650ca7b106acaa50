"""Archives that owners asked for, each kept for a week, and those they take in."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.archives.progress import percent
from organizations.tenancy.models import TenantModel

OPEN = models.Q(finished_at=None, failed_at=None)
# A worker that takes longer has died with it.
WRITTEN_WITHIN: Final = timedelta(days=1)


class State(models.TextChoices):
    """What has become of an archive; worked out from its moments."""

    ASKED = "asked", _("Being written")
    READY = "ready", _("Ready")
    EXPIRED = "expired", _("Deleted")
    FAILED = "failed", _("Failed")


class Stage(models.TextChoices):
    """How far an import has come."""

    COMPARING = "comparing", _("Being compared")
    COMPARED = "compared", _("Waits for you")
    APPLYING = "applying", _("Being taken in")
    DONE = "done", _("Taken in")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not confirmed")


UNDERWAY: Final = (Stage.COMPARING, Stage.COMPARED, Stage.APPLYING)
BUSY: Final = (Stage.COMPARING, Stage.APPLYING)


class Refusal(models.TextChoices):
    """Why an archive is not taken in, as it is told to an owner."""

    NOT_ZIP = "not_zip", _("That file is no ZIP, or not a whole one.")
    NOT_ARCHIVE = "not_archive", _("That ZIP is no archive of an organization.")
    STRANGER = (
        "stranger",
        _(
            "That archive was signed by another installation. The people who run this"
            " server can take it in, if they trust that one."
        ),
    )
    VERSION = (
        "version",
        _("That archive was written by another version, and does not fit this one."),
    )
    DAMAGED = (
        "damaged",
        _("That archive is damaged, or was changed after it was written."),
    )
    ANOTHER = (
        "another",
        _(
            "That is the archive of another organization. Here only this one's own can"
            " be taken in."
        ),
    )
    LOG = (
        "log",
        _(
            "The audit log has gone on differently since the archive was written, and it"
            " is never rewritten."
        ),
    )
    NO_OWNER = (
        "no_owner",
        _("Nobody who owned the organization then is known here any more."),
    )
    ADDRESS = (
        "address",
        _("The address that the organization had then is taken."),
    )
    PLAN = "plan", _("The plan does not hold the files of the archive.")
    TROUBLE = (
        "trouble",
        _(
            "Something went wrong. Try again; if it fails once more, tell the people who"
            " run this server."
        ),
    )


class Export(TenantModel):
    """One archive of the organization that an owner asked for; sizes are in bytes."""

    # Where it stands while the work lasts: `progress` writes to no other row.
    IS_AT: ClassVar = "finished_at"
    is_at: ClassVar = None

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
    # Steps of the writing: each row is two.
    done = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField(default=0, db_default=0)

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
            late = self.created_at < timezone.now() - WRITTEN_WITHIN
            return State.FAILED if late else State.ASKED
        if (
            not self.file
            or self.expires_at is None
            or self.expires_at <= timezone.now()
        ):
            return State.EXPIRED
        return State.READY

    @property
    def percent(self) -> int:
        """How much of it is written."""
        return percent(self.done, self.total)


class Arrival(TenantModel):
    """One archive that an owner takes in over the organization; sizes are in bytes."""

    IS_AT: ClassVar = "stage"

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
        db_index=False,
    )
    name = models.CharField(_("file"), max_length=200)
    # Under an unguessable name; empty once the file is deleted.
    file = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(_("bytes"))
    stage = models.CharField(
        _("state"), max_length=10, choices=Stage, default=Stage.COMPARING
    )
    # A Refusal; empty where nothing went wrong.
    refusal = models.CharField(_("reason"), max_length=20, blank=True, default="")
    # The manifest's hash, and when the archive was written.
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("archive of"))
    expires_at = models.DateTimeField(_("kept until"))
    # Steps of what is being done, and how many there are.
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    # What would change, and what has changed: by table, and who is missing.
    found = models.JSONField(default=dict)
    # The log's last entry when it was compared.
    seen = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(_("ended"), null=True)

    archive: ClassVar[dict[str, Any]] = {"stays": "archives are not in archives"}

    class Meta(TenantModel.Meta):
        verbose_name = _("archive taken in")
        verbose_name_plural = _("archives taken in")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="archives_stage"
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(stage__in=UNDERWAY),
                name="archives_one_arrival",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-id"], name="archives_arrival_newest"
            ),
            models.Index(
                fields=["organization", "asked_by"], name="archives_arrival_asker"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at(self) -> str:
        return self.stage

    @property
    def why(self) -> str:
        """What an owner is told of a failure."""
        return str(Refusal(self.refusal).label) if self.refusal else ""

    @property
    def is_busy(self) -> bool:
        """Whether the worker has it in hand."""
        return self.stage in BUSY

    @property
    def has_ended(self) -> bool:
        return self.stage not in UNDERWAY

    @property
    def percent(self) -> int:
        """How much of what is being done is done."""
        return percent(self.done, self.total)
