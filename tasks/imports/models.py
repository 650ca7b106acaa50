"""Files of tasks: what was uploaded, how it is read, how far it has come."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel
from tasks.changesets.models import ChangeSet

# For so long an uploaded file is kept.
KEPT: Final = timedelta(days=7)
# So many of an organization's files are kept at a time.
MOST_KEPT: Final = 50


class State(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("Columns to be chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Ready to start")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Stopped")


STARTABLE: Final = (State.CHECKED, State.PAUSED)
ENDED: Final = (State.FINISHED, State.CANCELLED, State.FAILED)


class Import(TenantModel):
    """One file that becomes tasks."""

    name = models.CharField(_("file"), max_length=200)
    # Below the organization's folder; empty once the file is deleted.
    file = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(_("bytes"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.UPLOADED
    )
    # How the bytes are read: encoding, delimiter, headings.
    shape = models.JSONField(default=dict)
    # What is read from them: a field for some columns, and what is done in doubt.
    mapping = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(_("lines"))
    good = models.PositiveIntegerField(_("can be made"), default=0)
    # The first lines that cannot be made; all of them stand in the errors' file.
    problems = models.JSONField(default=list)
    errors = models.CharField(max_length=200, blank=True)
    # The names of the labels that it would make.
    new_labels = models.JSONField(default=list)
    # Moved on together with the tasks of each batch, so that none is made twice.
    done = models.PositiveIntegerField(_("lines done"), default=0)
    made = models.PositiveIntegerField(_("tasks made"), default=0)
    # What undoes it.
    change_set = TenantForeignKey(
        ChangeSet,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("change"),
        db_index=False,
    )
    finished_at = models.DateTimeField(_("ended"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
        db_index=False,
    )

    archive: ClassVar[dict[str, Any]] = {"files": ["file"]}

    class Meta(TenantModel.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="imports_state"
            ),
            models.CheckConstraint(
                condition=models.Q(made__lte=models.F("done"))
                & models.Q(done__lte=models.F("rows")),
                name="imports_counts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-id"], name="imports_newest"),
            models.Index(
                fields=["organization", "change_set"],
                condition=~models.Q(change_set=None),
                name="imports_change_set",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_table(self) -> bool:
        """Whether it has columns, and no names."""
        return self.shape.get("kind", "csv") == "csv"

    @property
    def bad(self) -> int:
        """How many lines cannot be made into a task."""
        return self.rows - self.good

    @property
    def skipped(self) -> int:
        """How many lines were passed over so far."""
        return self.done - self.made

    @property
    def left(self) -> int:
        """How many tasks are still to be made."""
        return self.good - self.made

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_busy(self) -> bool:
        """Whether the worker has it in hand."""
        return self.state in (State.CHECKING, State.RUNNING)

    @property
    def can_be_started(self) -> bool:
        """Whether there is something to make, from the start or from where it paused."""
        return bool(self.file and self.good) and self.state in STARTABLE

    @property
    def can_be_mapped(self) -> bool:
        return bool(self.file) and self.state in (State.UPLOADED, State.CHECKED)

    @property
    def counts(self) -> dict[str, Any]:
        """What history keeps of how far it came."""
        return {"lines": self.rows, "made": self.made, "skipped": self.skipped}
