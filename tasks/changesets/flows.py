"""Journeys of change-sets: changing many tasks, and taking that back."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from organizations.audit.context import program_name
from organizations.audit.recording import build, record_many
from organizations.limits.counting import use_of, within_limits
from organizations.limits.models import Key
from organizations.limits.refusals import LimitReached
from organizations.tenancy.context import as_uuid
from organizations.tenancy.jobs import enqueue
from tasks.changesets import jobs, working
from tasks.changesets.models import ChangeSet, Kind, State
from tasks.changesets.selection import IN_REQUEST, Selection
from tasks.changesets.statements import Slice
from tasks.changesets.trash import settle
from tasks.labels.models import Label
from tasks.models import Task, require_members

BATCH = 5_000


class NotUndoable(Exception):
    """A change-set was undone already, is being worked on, or is too old."""


def edit_tasks(
    *, selection: Selection, by: Any, changes: Mapping[str, Any]
) -> ChangeSet | None:
    """Set fields of the selected tasks; None when all of them are so already."""
    wanted = dict(changes)
    if "assignees" in wanted:
        # As the database orders them, so that equal means the same people.
        wanted["assignees"] = sorted(map(str, require_members(wanted["assignees"])))
    return begin(selection, by, kind=Kind.BULK_EDIT, changes=wanted)


def remove_tasks(*, selection: Selection, by: Any) -> ChangeSet | None:
    """Put the selected tasks in the trash; None when there are none."""
    return begin(selection, by, kind=Kind.DELETE)


@transaction.atomic
def begin(selection: Selection, by: Any, **values: Any) -> ChangeSet | None:
    """Do what was asked for at once, or leave it to a job where it is much."""
    total = selection.rows(getattr(by, "pk", None)).count()
    made: ChangeSet = ChangeSet.objects.create(
        selection=selection.kept(), total=total, **maker(by), **values
    )
    if total > IN_REQUEST:
        enqueue(jobs.work, change_set_id=str(made.pk))
        return made
    working.work(change_set_id=made.pk)
    made.refresh_from_db()
    if made.count:
        return made
    made.delete()
    return None


def maker(by: Any) -> dict[str, Any]:
    """Return who makes a change-set: a person, or a program by its name."""
    return {"made_by": by, "program": "" if by else program_name()}


@transaction.atomic
def undo(*, change_set: ChangeSet, by: Any) -> ChangeSet:
    """Take back what nobody has changed since; NotUndoable when it cannot be.

    LimitReached when deleted tasks do not fit any more.
    """
    rows = ChangeSet.objects.select_for_update(of=("self",))
    found: ChangeSet = rows.get(pk=change_set.pk)
    if not found.is_undoable:
        raise NotUndoable
    if found.kind == Kind.DELETE:
        require_room(found.count)
    found.state, found.undone_by, found.undone_at = State.UNDOING, by, timezone.now()
    found.total, found.done, found.reached = found.count, 0, None
    found.save(
        update_fields=["state", "undone_by", "undone_at", "total", "done", "reached"]
    )
    if found.count > IN_REQUEST:
        enqueue(jobs.work, change_set_id=str(found.pk))
        return found
    working.work(change_set_id=found.pk)
    found.refresh_from_db()
    return found


def require_room(count: int) -> None:
    """Refuse at once what could only be done in part."""
    use = use_of(Key.TASKS)
    if use.left is not None and use.left < count:
        raise LimitReached(Key.TASKS, use.used, use.limit or 0, count)


def keep_created(
    tasks: Iterable[Any],
    *,
    by: Any,
    label: str,
    into: ChangeSet | None = None,
    labels: Iterable[Label] = (),
) -> ChangeSet:
    """Keep new tasks, or their ids, as a change-set that can be undone.

    Undoing moves those nobody has touched to the trash, and removes what nothing uses
    any more of the labels made for them. `into` adds to a change-set that an earlier
    call has returned: an import need not hold all its tasks at once.
    """
    with transaction.atomic():
        kept = into or ChangeSet.objects.create(
            kind=Kind.IMPORT, state=State.DONE, label=label[:200], made_by_id=by.pk
        )
        ids = iter([as_uuid(task) for task in tasks])
        while batch := list(islice(ids, BATCH)):
            kept.count += Slice(kept, batch).keep()
        kept.total = kept.done = kept.count
        kept.labels_made += [str(one.pk) for one in labels]
        kept.save(update_fields=["count", "total", "done", "labels_made"])
    return kept


@transaction.atomic
def restore_tasks(*, ids: Sequence[UUID], by: Any) -> int:
    """Take tasks out of the trash; return how many were in it.

    All of them or none: LimitReached when they would be too many.
    """
    rows = Task.with_trash.filter(pk__in=ids).exclude(deleted_at=None)
    tasks = list(rows.order_by("pk").select_for_update())
    found = [task.pk for task in tasks]
    with within_limits():
        Task.with_trash.filter(pk__in=found).restore()
    record_many([build("task.restored", task, by=by) for task in tasks])
    settle(found, getattr(by, "pk", None))
    return len(found)
