"""Change-sets: what was done to many tasks at once, kept until nobody can undo it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel
from tasks.models import Task

DAYS_UNDOABLE: Final = 30
# What was begun on the last day has ended by then.
DAYS_KEPT: Final = DAYS_UNDOABLE + 1


class Kind(models.TextChoices):
    """What was done."""

    BULK_EDIT = "bulk_edit", _("Changed")
    DELETE = "delete", _("Moved to the trash")
    IMPORT = "import", _("Imported")


class State(models.TextChoices):
    """How far it has come; large ones are worked on in slices."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ChangeSet(TenantModel):
    """One change of many tasks by one person, or a program: what was set, on what, and
    how far."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.RUNNING
    )
    label = models.CharField(_("label"), max_length=200, blank=True)
    # Field: value; empty for everything but an edit.
    changes = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    # Ids, or the address of a list; what a slice of the work is taken from.
    selection = models.JSONField(default=dict, blank=True)
    # The last task that has been looked at: the next slice begins after it.
    reached = models.UUIDField(null=True, editable=False)
    total = models.PositiveIntegerField(_("selected"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    count = models.PositiveIntegerField(_("changed"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # What the program was called that made it; "" for a person's.
    program = models.CharField(
        _("program"),
        max_length=201,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
    )
    # Ids of the labels that an import made for its tasks.
    labels_made = models.JSONField(default=list, editable=False)
    reverted = models.PositiveIntegerField(_("reverted"), default=0)
    kept = models.PositiveIntegerField(_("kept as they are"), default=0)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-created_at", "-id"],
                name="changesets_set_newest",
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def undoer(self) -> str:
        """What stands for who undid it, where that was no person."""
        is_person = self.undone_at is None or self.undone_by_id
        return "" if is_person else str(_("a program"))

    @property
    def undoable_until(self) -> datetime:
        return self.created_at + timedelta(days=DAYS_UNDOABLE)

    @property
    def is_undoable(self) -> bool:
        return self.state == State.DONE and timezone.now() < self.undoable_until

    @property
    def is_working(self) -> bool:
        return self.state in (State.RUNNING, State.UNDOING)

    @property
    def ability(self) -> str:
        """What somebody needs to undo it: what goes to the trash or comes from it
        takes the right to delete."""
        return "tasks.edit" if self.kind == Kind.BULK_EDIT else "tasks.delete"


class ChangeSetItem(TenantModel):
    """What one change-set did to one task: the fields before it and after it."""

    change_set = TenantForeignKey(
        ChangeSet, models.CASCADE, related_name="items", db_index=False
    )
    task = TenantForeignKey(Task, models.CASCADE, related_name="+", db_index=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Once it is undone: the fields that somebody has changed since, as they stand.
    kept: Any = models.JSONField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "change_set", "task"],
                name="changesets_item_uniq",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "task"], name="changesets_item_task"),
        ]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.task_id}"
