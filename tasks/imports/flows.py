"""Journeys of an import: uploaded, its columns chosen, started, cancelled."""

import secrets
from typing import Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from organizations.audit.recording import record
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.limits.refusals import LimitReached
from organizations.models import Organization, files_of
from organizations.tenancy.jobs import enqueue
from tasks.changesets.models import State as Progress
from tasks.imports import checking, jobs, running
from tasks.imports.models import KEPT, Import, State
from tasks.imports.reading import Shape

# Larger files are checked by the worker.
SMALL_BYTES: Final = 500_000
# What a check writes.
FOUND: Final = ("good", "problems", "errors", "new_labels")


def upload(
    *, organization: Organization, by: User, file: Any, shape: Shape, rows: int
) -> Import:
    """Keep a file that can be read."""
    name = f"{files_of(organization.pk)}/imports/{secrets.token_hex(16)}.{shape.kind}"
    file.seek(0)
    kept = default_storage.save(name, File(file))
    try:
        return begin(by, kept, file, shape, rows)
    except BaseException:
        # Nothing names the file when the change was not kept.
        default_storage.delete(kept)
        raise


@transaction.atomic
def begin(by: User, kept: str, file: Any, shape: Shape, rows: int) -> Import:
    """Note an uploaded file, and that it is deleted after a week."""
    made: Import = Import.objects.create(
        name=called(file.name),
        file=kept,
        size=file.size,
        shape=shape.as_json(),
        rows=rows,
        made_by=by,
    )
    record("import.uploaded", made, by=by, after={"lines": rows, "bytes": file.size})
    enqueue(jobs.discard_import, at=timezone.now() + KEPT, import_id=str(made.pk))
    return made


def called(name: str) -> str:
    """Return a file's name as it can be shown."""
    shown = "".join(letter for letter in name if letter.isprintable()).strip()
    return shown[-200:] or "tasks.csv"


@transaction.atomic
def choose_mapping(*, waiting: Import, by: User, mapping: dict[str, Any]) -> bool:
    """Say which column is what, and have the file checked; False if it is already."""
    row = Import.objects.select_for_update().get(pk=waiting.pk)
    if not row.can_be_mapped or mapping == row.mapping:
        return False
    before, errors = row.mapping, row.errors
    row.mapping, row.state = mapping, State.CHECKING
    row.good, row.problems, row.errors, row.new_labels = 0, [], "", []
    row.save(update_fields=["mapping", "state", *FOUND])
    record(
        "import.mapped",
        row,
        by=by,
        before={"mapping": before},
        after={"mapping": mapping},
    )
    if errors:
        transaction.on_commit(lambda: default_storage.delete(errors))
    if row.size > SMALL_BYTES:
        enqueue(jobs.check_import, import_id=str(row.pk))
    else:
        checking.check(row)
    return True


@transaction.atomic
def start(*, waiting: Import, by: User) -> bool:
    """Have the worker make the tasks; False when there is nothing to start.

    LimitReached when not a single one fits. What has paused goes on where it was.
    """
    row = running.locked(waiting)
    if not row.can_be_started:
        return False
    require_room(row)
    if row.change_set is not None and row.change_set.state != Progress.DONE:
        # What was made before has been undone since, and is no part of this.
        row.change_set = None
    row.state, row.made_by = State.RUNNING, by
    row.save(update_fields=["state", "made_by", "change_set"])
    record("import.started", row, by=by, after={"lines": row.rows, "good": row.good})
    enqueue(jobs.run_import, import_id=str(row.pk))
    return True


def require_room(row: Import) -> None:
    use = use_of(Key.TASKS)
    if use.left == 0:
        raise LimitReached(Key.TASKS, use.used, use.limit or 0, row.good - row.made)


@transaction.atomic
def cancel(*, waiting: Import, by: User) -> bool:
    """End an import; what it has made stays, and can be undone. False if it has ended."""
    row = running.locked(waiting)
    if row.has_ended:
        return False
    before = row.state
    running.end(row, State.CANCELLED)
    enqueue(jobs.discard_import, import_id=str(row.pk))
    record("import.cancelled", row, by=by, before={"state": before}, after=row.counts)
    return True
