"""What the board keeps about one person, for the copy they may ask for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from organizations.personal.parts import collecting
from tasks.models import Task, TaskAssignee

FIELDS = (
    "number",
    "title",
    "description",
    "status",
    "priority",
    "due_date",
    "created_at",
    "completed_at",
    "deleted_at",
)


def tasks_of(*, person: Any, **kwargs: Any) -> tuple[str, Iterator[dict[str, Any]]]:
    """Return the tasks a person made or was given, the trash included."""
    theirs = TaskAssignee.objects.filter(task_id=OuterRef("pk"), user=person)
    found = (
        Task.with_trash.annotate(assigned=Exists(theirs))
        .filter(Q(created_by=person) | Q(assigned=True))
        .order_by("number")
        .values(*FIELDS, "created_by_id", "assigned")
    )
    return "tasks", (task_of(row, person) for row in found.iterator(chunk_size=500))


def task_of(row: dict[str, Any], person: Any) -> dict[str, Any]:
    made = row.pop("created_by_id") == person.pk
    return {**row, "made_by_you": made, "assigned_to_you": row.pop("assigned")}


def connect() -> None:
    """Listen, once."""
    collecting.connect(tasks_of, dispatch_uid="tasks.tasks_of")
