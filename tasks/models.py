"""Tasks, who does them, and the counter that numbers them."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.audit.recording import record
from organizations.limits.counting import within_limits
from organizations.models import Membership
from organizations.teams.models import Team
from organizations.tenancy.context import as_uuid
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel
from tasks.choices import Priority, Status
from tasks.columns import Placed, place
from tasks.conflicts import settled
from tasks.labels.models import Label, TaskLabel, held
from tasks.queries import Listing, set_status
from tasks.ranks import DueOrNever, RankField, Top

# What an edit compares with and may write.
FIELDS = (
    *("title", "description", "status", "priority", "due_date", "completed_at"),
    "team",
)
# The key by which who leaves no longer does the organization's tasks.
MEMBER_RULE = "tasks_assignee_is_member"


class NotAMember(Exception):
    """Somebody was to do a task who does not belong to the organization."""


class Task(SoftDeleteModel):
    """One thing to do, numbered within its organization (ACME-142)."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=50_000)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.TODO
    )
    priority = models.SmallIntegerField(
        _("priority"), choices=Priority, default=Priority.MEDIUM
    )
    due_date = models.DateField(_("due date"), null=True, blank=True)
    completed_at = models.DateTimeField(null=True, editable=False)
    # Kept by the comments' own verbs: lists show it fifty times.
    comment_count = models.SmallIntegerField(default=0, db_default=0, editable=False)
    # Null for what a program made with a key.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    assignees = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="TaskAssignee",
        related_name="assigned_tasks",
        blank=True,
        verbose_name=_("assignees"),
    )
    team = TenantForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    rank = RankField(db_default=Top(), editable=False)
    # "simple": titles come in every language, and prefixes must match as typed.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("description", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta(SoftDeleteModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="tasks_task_number_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="tasks_task_status"
            ),
            models.CheckConstraint(
                condition=models.Q(priority__in=Priority.values),
                name="tasks_task_priority",
            ),
            models.CheckConstraint(
                condition=~models.Q(title=""), name="tasks_task_title_not_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-created_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="tasks_task_newest",
            ),
            models.Index(
                fields=["organization", "status", "-created_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="tasks_task_by_status",
            ),
            models.Index(
                fields=["organization", "status", "rank", "id"],
                condition=models.Q(deleted_at=None),
                name="tasks_task_board",
            ),
            models.Index(fields=["organization", "team"], name="tasks_task_team"),
            models.Index(
                "organization",
                DueOrNever("due_date"),
                "id",
                condition=models.Q(deleted_at=None),
                name="tasks_task_by_due",
            ),
            models.Index(
                fields=["organization", "-priority", "-id"],
                condition=models.Q(deleted_at=None),
                name="tasks_task_by_priority",
            ),
            GinIndex(fields=["search"], name="tasks_task_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.status == Status.DONE

    def key(self, prefix: str) -> str:
        """Return what people call the task: ACME-142."""
        return f"{prefix}-{self.number}"

    def edit(
        self, *, by: Any, base: Mapping[str, str] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Change fields, assignees and labels together; return what did change.

        The row is locked and read again first: history tells what was really there.
        `base` are fingerprints of what the person saw; EditConflict when somebody
        changed the same field since.
        """
        with transaction.atomic():
            self.refresh_from_db(
                fields=FIELDS, from_queryset=Task.objects.select_for_update()
            )
            if base is not None:
                changes = settled(changes, base, self.present(changes))
            people, labels = changes.pop("assignees", None), changes.pop("labels", None)
            before = {
                name: getattr(self, name)
                for name, value in changes.items()
                if getattr(self, name) != value
            }
            after = {name: changes[name] for name in before}
            self._store(after)
            if people is not None:
                self._assign(people, before, after)
            if labels is not None:
                self._label(labels, before, after)
            if before:
                was, now = in_words(before), in_words(after)
                record("task.edited", self, by=by, before=was, after=now)
        return after

    def move(self, status: str, *, by: Any) -> Listing:
        """Put the task in a status and return its line of a list as it was.

        Only the id need be known before; DoesNotExist when there is no such task.
        """
        with transaction.atomic():
            line = set_status(self.pk, status)
            if not line.rows:
                raise Task.DoesNotExist
            before = line.rows[0]
            self.number, self.title, self.status = before.number, before.title, status
            if before.status != status:
                record(
                    "task.moved",
                    self,
                    by=by,
                    before={"status": before.status},
                    after={"status": status},
                )
        return line

    def place(
        self,
        status: str,
        *,
        by: Any,
        after: UUID | None = None,
        before: UUID | None = None,
        where: str = "top",
    ) -> Placed:
        """Put the task somewhere in a column of the board; Placed is how it was.

        DoesNotExist when there is no such task. Neighbours that have gone meanwhile
        let it land on top.
        """
        with transaction.atomic():
            placed = place(self.pk, status, after, before, where)
            if not placed.line.rows:
                raise Task.DoesNotExist
            was = placed.line.rows[0]
            self.number, self.title, self.status = was.number, was.title, status
            record(
                "task.moved" if was.status != status else "task.ordered",
                self,
                by=by,
                before={"status": was.status},
                after={"status": status},
            )
        return placed

    def remove(self, *, by: Any) -> bool:  # type: ignore[override]
        """Put the task in the trash; False when it is there already."""
        with transaction.atomic():
            removed = Task.objects.filter(pk=self.pk).remove() == 1
            if removed:
                record("task.removed", self, by=by)
        return removed

    def restore(self, *, by: Any) -> bool:  # type: ignore[override]
        """Take the task out of the trash; False when it is not there.

        LimitReached when the organization may have no more.
        """
        with within_limits(), transaction.atomic():
            restored = Task.with_trash.filter(pk=self.pk).restore() == 1
            if restored:
                record("task.restored", self, by=by)
        return restored

    def present(self, names: Iterable[str]) -> dict[str, Any]:
        """Return some of the task's values as they are now."""
        several = {"assignees": self.assignee_ids, "labels": self.label_ids}
        return {
            name: several[name]() if name in several else getattr(self, name)
            for name in names
        }

    def assignee_ids(self) -> list[UUID]:
        """Return who does the task, in the order they were assigned."""
        rows = TaskAssignee.objects.filter(task=self).order_by("created_at", "id")
        return list(rows.values_list("user_id", flat=True))

    def label_ids(self) -> list[UUID]:
        """Return which labels the task has."""
        rows = TaskLabel.objects.filter(task=self)
        return list(rows.values_list("label_id", flat=True))

    def _store(self, values: dict[str, Any]) -> None:
        if not values:
            return
        fields = list(values)
        for name, value in values.items():
            setattr(self, name, value)
        if "status" in values:
            self.completed_at = timezone.now() if self.is_done else None
            fields.append("completed_at")
        self.save(update_fields=fields)

    def _assign(
        self, people: Iterable[Any], before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        had = self.assignee_ids()
        wanted = require_members(people)
        if set(had) == set(wanted):
            return
        TaskAssignee.objects.filter(task=self).exclude(user_id__in=wanted).delete()
        TaskAssignee.objects.bulk_create(
            TaskAssignee(task=self, user_id=user) for user in wanted if user not in had
        )
        before["assignees"], after["assignees"] = had, wanted

    def _label(
        self, labels: Iterable[Label], before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        rows = TaskLabel.objects.filter(task=self)
        had = {row.label_id: row.label.name for row in rows.select_related("label")}
        wanted = {label.pk: label.name for label in held(labels)}
        if had.keys() == wanted.keys():
            return
        rows.exclude(label_id__in=wanted).delete()
        TaskLabel.objects.bulk_create(
            TaskLabel(task=self, label_id=key) for key in wanted.keys() - had.keys()
        )
        before["labels"], after["labels"] = (
            sorted(had.values()),
            sorted(wanted.values()),
        )


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as history keeps them: a team by its name."""
    if "team" not in values:
        return values
    team = values["team"]
    return values | {"team": team.name if team else None}


def require_members(people: Iterable[Any]) -> list[UUID]:
    """Return the ids of people, each once; NotAMember unless all belong here."""
    wanted = list(dict.fromkeys(as_uuid(person) for person in people))
    if wanted:
        belonging = Membership.objects.filter(user_id__in=wanted).count()
        if belonging != len(wanted):
            raise NotAMember
    return wanted


class TaskAssignee(TenantModel):
    """One person who does one task; the task outlives the person."""

    task = TenantForeignKey(Task, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "task", "user"], name="tasks_assignee_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "task"], name="tasks_assignee_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.user_id}"


class TaskCounter(TenantModel):
    """The last number given to a task of the organization."""

    last_number = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization"], name="tasks_counter_uniq"),
        ]

    def __str__(self) -> str:
        return str(self.last_number)
