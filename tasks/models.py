"""Tasks, who does them, and the counter that numbers them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel


class Status(models.TextChoices):
    """Where a task stands, in the order of a board's columns."""

    BACKLOG = "backlog", _("Backlog")
    TODO = "todo", _("To do")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    DONE = "done", _("Done")


class Priority(models.IntegerChoices):
    """How much a task matters; larger is more, so that it sorts."""

    LOW = 1, _("Low")
    MEDIUM = 3, _("Medium")
    HIGH = 5, _("High")


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
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
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
    # "simple": titles come in every language, and prefixes must match as typed.
    search = models.GeneratedField(
        expression=SearchVector("title", "description", config="simple"),
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
            GinIndex(fields=["search"], name="tasks_task_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.status == Status.DONE


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
            models.UniqueConstraint(
                fields=["organization"], name="tasks_counter_uniq"
            ),
        ]

    def __str__(self) -> str:
        return str(self.last_number)
