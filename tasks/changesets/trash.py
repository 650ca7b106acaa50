"""The trash: what is in it, who put it there, and its end after thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record_many
from organizations.tenancy import no_context, tenant
from tasks.changesets.models import DAYS_UNDOABLE, ChangeSet, Kind, State
from tasks.changesets.statements import organization_with_old_trash
from tasks.models import Task
from tasks.signals import purging

PAGE: Final = 50
BATCH: Final = 200
LASTS: Final = timedelta(days=DAYS_UNDOABLE)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Thrown:
    """One line of the trash."""

    task: Task
    key: str
    by: str

    @property
    def days_left(self) -> int:
        thrown: Any = self.task.deleted_at
        return max(ceil((thrown + LASTS - timezone.now()) / DAY), 0)


def trash_page(
    prefix: str, words: str = "", after: Task | None = None
) -> tuple[list[Thrown], bool]:
    """Return a page of the trash, the latest first, and whether there is more."""
    rows = Task.with_trash.exclude(deleted_at=None)
    if words:
        rows = rows.filter(title__icontains=words)
    if after is not None:
        rows = before(rows, after)
    found = list(rows.order_by("-deleted_at", "-id")[: PAGE + 1])
    people = removers([task.pk for task in found])
    lines = [
        Thrown(task, task.key(prefix), people.get(str(task.pk), "")) for task in found
    ]
    return lines[:PAGE], len(found) > PAGE


def before(rows: QuerySet[Task], task: Task) -> QuerySet[Task]:
    same = rows.filter(deleted_at=task.deleted_at, pk__lt=task.pk)
    return rows.filter(deleted_at__lt=task.deleted_at) | same


def place_of(pk: UUID | None) -> Task | None:
    """Return the task of the trash that a page comes after; an unknown one is none."""
    if pk is None:
        return None
    found: Task | None = Task.with_trash.exclude(deleted_at=None).filter(pk=pk).first()
    return found


def removers(tasks: Sequence[UUID]) -> dict[str, str]:
    """Return who put each task in the trash, as history tells it."""
    entries = AuditEntry.objects.filter(
        target_type=Task._meta.label_lower,
        target_id__in=[str(pk) for pk in tasks],
        action="task.removed",
    )
    latest = entries.order_by("target_id", "-created_at").distinct("target_id")
    return dict(latest.values_list("target_id", "actor_label"))


def settle(tasks: Sequence[UUID], by_id: Any) -> None:
    """Note that single deletions are taken back, once their tasks are restored."""
    ChangeSet.objects.filter(
        kind=Kind.DELETE, count=1, state=State.DONE, items__task_id__in=tasks
    ).update(
        state=State.UNDONE, undone_at=Now(), undone_by_id=by_id, reverted=1, total=1
    )


def purge() -> None:
    """End the tasks whose thirty days are over, one organization after another."""
    while organization := organization_with_old_trash():
        with no_context(), tenant(organization):
            while purge_some():
                pass


@transaction.atomic
def purge_some() -> bool:
    """End some tasks with all that hangs on them; False when none are left."""
    rows = Task.with_trash.filter(deleted_at__lte=Now() - LASTS).order_by("pk")
    due = list(rows.select_for_update()[:BATCH])
    if not due:
        return False
    record_many([build("task.purged", task, before=last(task)) for task in due])
    ids = [task.pk for task in due]
    purging.send(sender=Task, tasks=ids)
    Task.with_trash.filter(pk__in=ids).delete()
    return True


def last(task: Task) -> dict[str, Any]:
    """Return what history keeps of a task that is gone."""
    return {"number": task.number, "deleted_at": task.deleted_at}
