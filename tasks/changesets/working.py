"""Doing and undoing a change-set, a slice of its tasks at a time.

A slice is one transaction: its items, the change and the entries of its history stand
or fall together. Writing history holds up everybody else of the organization who
writes some, so a slice is as much as can be done within a moment; what is left goes on
from where the last one has ended, after a crash too.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from organizations.audit.context import facts, program_name, request_facts
from organizations.audit.recording import build, record, record_many
from organizations.limits.refusals import LimitReached
from tasks.changesets.fields import told
from tasks.changesets.listing import names_of_things
from tasks.changesets.models import ChangeSet, ChangeSetItem, Kind, State
from tasks.changesets.selection import Selection
from tasks.changesets.statements import Slice
from tasks.labels.models import Label, TaskLabel
from tasks.models import Task

SLICE: Final = 1_000
# For so long one job keeps a worker; what is done in a request is one slice.
WHILE_SECONDS: Final = 20
BATCH: Final = 500


def work(*, change_set_id: Any) -> bool:
    """Work on a change-set until the time is up; True when there is more to do."""
    until = time.monotonic() + WHILE_SECONDS
    while go_on(change_set_id):
        if time.monotonic() > until:
            return True
    return False


def work_alone(*, change_set_id: Any) -> bool:
    """Work where nobody waits for an answer: what does not fit any more is left."""
    try:
        return work(change_set_id=change_set_id)
    except LimitReached:
        leave_rest(change_set_id)
        return False


@transaction.atomic
def leave_rest(change_set_id: Any) -> None:
    """End an undoing with the tasks that fitted; the others stay in the trash."""
    rows = ChangeSet.objects.select_for_update(of=("self",))
    change_set = rows.get(pk=change_set_id)
    change_set.kept += change_set.total - change_set.done
    change_set.state, change_set.reached = State.UNDONE, None
    change_set.save(update_fields=["kept", "state", "reached"])
    record_undone(change_set)


@transaction.atomic
def go_on(change_set_id: Any) -> bool:
    """Do one slice; False when there is nothing left.

    The row is locked: a second worker waits here, and then finds what is left.
    """
    rows = ChangeSet.objects.select_for_update(of=("self",))
    change_set = rows.filter(pk=change_set_id).first()
    if change_set is None or not change_set.is_working:
        return False
    with acting(change_set):
        if change_set.state == State.RUNNING:
            return do(change_set)
        return undo(change_set)


def acting(change_set: ChangeSet) -> AbstractContextManager[None]:
    """Let history name the program that acts, where a job has left its request."""
    begun = change_set.state == State.RUNNING
    person = change_set.made_by_id if begun else change_set.undone_by_id
    if person or facts().program:
        return nullcontext()
    program = change_set.program or program_name()
    return request_facts(replace(facts(), program=program))


def do(change_set: ChangeSet) -> bool:
    """Change the next tasks of the selection."""
    selection = Selection.read(change_set.selection)
    tasks = lock(selection.rows(change_set.made_by_id), change_set.reached)
    if tasks:
        piece = Slice(change_set, tasks)
        wanted = change_set.changes or {"deleted_at": timezone.now()}
        change_set.count += piece.note(wanted)
        piece.apply()
        tell(change_set, tasks, entry_of_change, actor(change_set.made_by_id))
    return step_on(change_set, tasks, State.DONE)


def undo(change_set: ChangeSet) -> bool:
    """Take back the next tasks of a change-set."""
    changed = ChangeSetItem.objects.filter(change_set=change_set).values("task_id")
    tasks = lock(Task.with_trash.filter(pk__in=changed), change_set.reached)
    if tasks:
        piece = Slice(change_set, tasks)
        piece.compare()
        piece.take_back()
    # Before history is written, which holds others up.
    labels = unused(change_set) if len(tasks) < SLICE else []
    if tasks:
        tell(change_set, tasks, entry_of_return, actor(change_set.undone_by_id))
        seen = ChangeSetItem.objects.filter(change_set=change_set, task_id__in=tasks)
        whole = seen.filter(kept={}).count()
        change_set.reverted += whole
        change_set.kept += len(tasks) - whole
    if not step_on(change_set, tasks, State.UNDONE):
        for label in labels:
            label.remove(by=actor(change_set.undone_by_id))
        record_undone(change_set)
        return False
    return True


def unused(change_set: ChangeSet) -> list[Label]:
    """Return the labels an import made that nobody has changed, and that are on nothing
    but the tasks it has just taken away."""
    made = Label.objects.filter(pk__in=change_set.labels_made)
    untouched = made.filter(updated_at=F("created_at")).order_by("pk")
    return [label for label in untouched if is_left(label, change_set)]


def is_left(label: Label, change_set: ChangeSet) -> bool:
    """Return whether a label is on nothing else; page by page, as there may be many."""
    rows = TaskLabel.objects.filter(label=label).order_by("task_id")
    gone = ChangeSetItem.objects.filter(change_set=change_set, kept={})
    pages, last = rows.values_list("task_id", flat=True), None
    while page := list((pages.filter(task_id__gt=last) if last else pages)[:SLICE]):
        if gone.filter(task_id__in=page).count() < len(page):
            return False
        last = page[-1]
    return True


def lock(rows: Any, reached: UUID | None) -> list[UUID]:
    """Return the next tasks by id, locked in that order, as everybody locks them."""
    if reached is not None:
        rows = rows.filter(pk__gt=reached)
    chosen = rows.order_by("pk").select_for_update(of=("self",))
    return list(chosen.values_list("pk", flat=True)[:SLICE])


def step_on(change_set: ChangeSet, tasks: Sequence[UUID], end: State) -> bool:
    """Note how far it has come; False at the end."""
    goes_on = len(tasks) == SLICE
    change_set.reached = tasks[-1] if goes_on else None
    change_set.done += len(tasks)
    if not goes_on:
        change_set.state = end
    change_set.save(
        update_fields=["reached", "done", "count", "reverted", "kept", "state"]
    )
    return goes_on


def tell(change_set: ChangeSet, tasks: Sequence[UUID], entry: Any, by: Any) -> None:
    """Write the history of a slice, one entry for each task that was changed."""
    for start in range(0, len(tasks), BATCH):
        some = items(change_set, tasks[start : start + BATCH])
        names = names_of_things(
            values for item in some for values in (item.before, item.after)
        )
        entries = [entry(change_set, item, by, names) for item in some]
        record_many([one for one in entries if one is not None])


def items(change_set: ChangeSet, tasks: Sequence[UUID]) -> list[ChangeSetItem]:
    """Return the items of some tasks, each with its task's title."""
    rows = ChangeSetItem.objects.filter(change_set=change_set, task_id__in=tasks)
    only = ("organization", "before", "after", "kept", "task__title")
    found = rows.select_related("task").only(*only, "task__organization")
    return list(found.order_by("task_id"))


def entry_of_change(
    change_set: ChangeSet, item: ChangeSetItem, by: Any, names: Any
) -> Any:
    """Return the entry that changing one task by itself would have written."""
    if change_set.kind == Kind.DELETE:
        return build("task.removed", item.task, by=by)
    before, after = told(item.before, names), told(item.after, names)
    return edited(item.task, before, after, by)


def entry_of_return(
    change_set: ChangeSet, item: ChangeSetItem, by: Any, names: Any
) -> Any:
    """Return the entry of a task that was taken back, if anything of it was."""
    if change_set.kind == Kind.BULK_EDIT:
        kept = item.kept or {}
        had, has = told(item.after, names), told(item.before, names)
        before = {k: v for k, v in had.items() if k not in kept}
        after = {k: v for k, v in has.items() if k not in kept}
        return edited(item.task, before, after, by) if after else None
    if item.kept:
        return None
    action = "task.restored" if change_set.kind == Kind.DELETE else "task.removed"
    return build(action, item.task, by=by)


def edited(task: Task, before: Any, after: Any, by: Any) -> Any:
    action = "task.moved" if set(after) == {"status"} else "task.edited"
    return build(action, task, by=by, before=before, after=after)


def record_undone(change_set: ChangeSet) -> None:
    """Write that the whole was taken back, and how much of it."""
    after = {"reverted": change_set.reverted, "kept": change_set.kept}
    by = actor(change_set.undone_by_id)
    record("changeset.undone", change_set, by=by, after=after)


def actor(user_id: Any) -> Any:
    """Return who acts; of somebody who has left meanwhile only the id is known."""
    return User.objects.filter(pk=user_id).first() or user_id if user_id else None
