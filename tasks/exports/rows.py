"""The tasks of a view, read by their numbers: one batch is held at a time."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from accounts.models import User
from tasks.exports.columns import Batch
from tasks.labels.models import TaskLabel
from tasks.models import Task, TaskAssignee

BATCH: Final = 500


def last_number() -> int:
    """Return where an export ends that begins now: later tasks are not part of it."""
    found: int | None = Task.objects.aggregate(last=Max("number"))["last"]
    return found or 0


def batches(
    rows: QuerySet[Task], prefix: str, last: int, called: str = "email"
) -> Iterator[Batch]:
    """Yield tasks the oldest first, each batch read when it is due.

    Keyset pages and no server-side cursor, which would not survive a pooler.
    """
    rows, place = rows.filter(number__lte=last).order_by("number"), 0
    rows = rows.select_related("team").defer("search")
    while tasks := list(rows.filter(number__gt=place)[:BATCH]):
        yield with_people(tasks, prefix, called)
        place = tasks[-1].number


def with_people(tasks: list[Task], prefix: str, called: str) -> Batch:
    """Return tasks with what those are called who made them and who do them."""
    doers: dict[UUID, list[UUID]] = {}
    pairs = TaskAssignee.objects.filter(task__in=[task.pk for task in tasks])
    for task_id, user_id in pairs.order_by("id").values_list("task_id", "user_id"):
        doers.setdefault(task_id, []).append(user_id)
    wanted: set[Any] = {task.created_by_id for task in tasks}.union(*doers.values())
    people = dict(User.objects.filter(pk__in=wanted - {None}).values_list("pk", called))
    return Batch(tasks, prefix, people, doers, labels_of(tasks))


def labels_of(tasks: list[Task]) -> dict[UUID, list[str]]:
    """Return the names of the tasks' labels, in their alphabet."""
    found: dict[UUID, list[str]] = {}
    pairs = TaskLabel.objects.filter(task__in=[task.pk for task in tasks])
    pairs = pairs.order_by("label__name").values_list("task_id", "label__name")
    for task_id, name in pairs:
        found.setdefault(task_id, []).append(name)
    return found
