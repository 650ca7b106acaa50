"""Making the tasks of a file, a batch in a transaction: whoever takes over after a
worker that died goes on where the last whole batch ended."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.models import Membership
from organizations.permissions import effective
from tasks.flows import BATCH, create_tasks
from tasks.imports.mapping import converter
from tasks.imports.models import Import, State
from tasks.imports.reading import Record, Shape, tasks_of
from tasks.imports.values import Converter

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


def batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield some records at a time."""
    while batch := list(islice(records, BATCH)):
        yield batch


@transaction.atomic
def make(running: Import, batch: list[Record], reading: Converter) -> bool:
    """Make the tasks of one batch and move on; False when nothing more is to be done.

    The row is locked: of two workers with the same file one finds it moved on.
    """
    row = (
        Import.objects.select_for_update().select_related("made_by").get(pk=running.pk)
    )
    if row.state != State.RUNNING or row.done != running.done:
        return False
    drafts = list(good(batch, reading))
    if drafts:
        create_tasks(by=row.made_by, drafts=drafts)
    row.done += len(batch)
    row.made += len(drafts)
    row.save(update_fields=["done", "made"])
    running.done = row.done
    if row.done < row.rows:
        return True
    finish(row)
    return False


def good(batch: list[Record], reading: Converter) -> Iterator[dict[str, Any]]:
    """Yield the drafts of the records that can be made."""
    for one in batch:
        values, problems = reading.draft(one.cells, one.line)
        if not problems:
            yield values


def finish(row: Import) -> None:
    """Note that all lines are done."""
    row.state, row.finished_at = State.FINISHED, timezone.now()
    row.save(update_fields=["state", "finished_at"])
    record("import.finished", row, by=row.made_by, after=row.counts)


@transaction.atomic
def stop(running: Import) -> None:
    """End an import that nobody may go on with; what it made stays."""
    row = (
        Import.objects.select_for_update().select_related("made_by").get(pk=running.pk)
    )
    row.state, row.finished_at = State.FAILED, timezone.now()
    row.save(update_fields=["state", "finished_at"])
    record("import.stopped", row, by=row.made_by, after=row.counts)


def discard(kept: Import) -> None:
    """Delete an import's files, unless it is still being run."""
    for name in filter(None, (kept.file, kept.errors)):
        default_storage.delete(name)
    Import.objects.filter(pk=kept.pk).update(file="", errors="")
