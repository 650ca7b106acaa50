"""Making the tasks of a file, a batch in a transaction: whoever takes over after a
worker that died goes on where the last whole batch ended."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from organizations.audit.recording import record
from organizations.limits.refusals import LimitReached
from organizations.models import Membership, Standing
from organizations.permissions import effective
from tasks.changesets.flows import keep_created
from tasks.changesets.models import ChangeSet
from tasks.changesets.models import State as Progress
from tasks.flows import BATCH, create_tasks
from tasks.imports.mapping import converter, renewed
from tasks.imports.marks import marked
from tasks.imports.models import Import, State
from tasks.imports.reading import Shape, tasks_of
from tasks.imports.texts import Record
from tasks.imports.values import Converter
from tasks.labels.models import Label
from tasks.models import Task

# For so long one job keeps a worker.
WHILE_SECONDS: Final = 20


def work(import_id: str) -> bool:
    """Make tasks until the time is up; True when there are more to make."""
    running = Import.objects.filter(pk=import_id, state=State.RUNNING).first()
    if running is None:
        return False
    if not running.file or not may_go_on(running):
        stop(running)
        return False
    if running.organization.standing != Standing.GOOD:
        pause_now(running)
        return False
    until = time.monotonic() + WHILE_SECONDS
    reading = converter(running.shape, running.mapping)
    with default_storage.open(running.file) as file:
        left = tasks_of(file, Shape(**running.shape), skip=running.done)
        for batch in batches(left):
            if not make(running, batch, reading):
                return False
            if time.monotonic() > until:
                return True
    return False


def may_go_on(running: Import) -> bool:
    """Return whether who began it may still make tasks here."""
    rows = Membership.objects.select_related("custom_role")
    member = rows.filter(user=running.made_by_id, suspended_at=None).first()
    return member is not None and "tasks.edit" in effective(member)


@transaction.atomic
def pause_now(running: Import) -> None:
    """Wait while unpaid bills let nobody change anything."""
    row = locked(running)
    if row.state == State.RUNNING:
        pause(row)


def batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield some records at a time."""
    while batch := list(islice(records, BATCH)):
        yield batch


@transaction.atomic
def make(running: Import, batch: list[Record], reading: Converter) -> bool:
    """Make the tasks of one batch and move on; False when nothing more is to be done.

    The row is locked: of two workers with the same file one finds it moved on.
    """
    row = locked(running)
    if row.state != State.RUNNING or row.done != running.done:
        return False
    goes_on = write_or_pause(row, batch, reading)
    running.done = row.done
    if not goes_on:
        return False
    if row.done < row.rows:
        return True
    end(row, State.FINISHED)
    record("import.finished", row, by=row.made_by, after=row.counts)
    return False


def write_or_pause(row: Import, batch: list[Record], reading: Converter) -> bool:
    """Write a batch, or as much of it as fits and wait for more room: then False."""
    try:
        with transaction.atomic():
            write(row, batch, reading)
    except LimitReached as reached:
        row.refresh_from_db(fields=["done", "made", "change_set"])
        write(row, fitting(batch, reading, reached.left), reading)
        pause(row)
        return False
    return True


def write(row: Import, batch: list[Record], reading: Converter) -> None:
    """Make the tasks of some lines, and note how far that is."""
    drafts = list(good(batch, renewed(reading)))
    if drafts:
        drafts, labels = marked(drafts, by=row.made_by)
        keep(row, create_tasks(by=row.made_by, drafts=drafts), labels)
    row.done += len(batch)
    row.made += len(drafts)
    row.save(update_fields=["done", "made", "change_set"])


def fitting(batch: list[Record], reading: Converter, left: int) -> list[Record]:
    """Return the lines of a batch before the first that makes a task too many."""
    trying, found = renewed(reading), []
    for one in batch:
        _values, problems = trying.draft(one)
        left -= not problems
        if left < 0:
            break
        found.append(one)
    return found


def pause(row: Import) -> None:
    """Wait until somebody goes on; what was made can be undone meanwhile."""
    row.state = State.PAUSED
    row.save(update_fields=["state"])
    of_changes(row, Progress.DONE)
    record("import.paused", row, by=row.made_by, after=row.counts)


def locked(running: Import) -> Import:
    # Whoever made it may have left, and is then no row to be joined.
    rows = Import.objects.select_related("change_set")
    found: Import = rows.select_for_update(of=("self",)).get(pk=running.pk)
    return found


def keep(row: Import, tasks: list[Task], labels: list[Label]) -> None:
    """Add what is new to the change that undoes it once the import has ended."""
    row.change_set = keep_created(
        tasks, by=row.made_by, label=row.name, into=row.change_set, labels=labels
    )
    of_changes(row, Progress.RUNNING)


def good(batch: list[Record], reading: Converter) -> Iterator[dict[str, Any]]:
    """Yield the drafts of the records that can be made."""
    for one in batch:
        values, problems = reading.draft(one)
        if not problems:
            yield values


def stop(running: Import) -> None:
    """End an import that nobody may go on with; what it made stays."""
    with transaction.atomic():
        row = locked(running)
        if not row.has_ended:
            end(row, State.FAILED)
            colleague = User.objects.filter(pk=row.made_by_id).first()
            by = colleague or row.made_by_id
            record("import.stopped", row, by=by, after=row.counts)


def end(row: Import, state: State) -> None:
    """Note that no more tasks are made, and let those that were be undone."""
    row.state, row.finished_at = state, timezone.now()
    row.save(update_fields=["state", "finished_at"])
    of_changes(row, Progress.DONE)


def of_changes(row: Import, state: Progress) -> None:
    if row.change_set_id is not None:
        ChangeSet.objects.filter(pk=row.change_set_id).update(state=state)


def discard(kept: Import) -> None:
    """Delete an import's files; one that is being run then ends as failed."""
    for name in filter(None, (kept.file, kept.errors)):
        default_storage.delete(name)
    Import.objects.filter(pk=kept.pk).update(file="", errors="")
    if kept.state == State.PAUSED:
        stop(kept)
