"""An owner asks for an archive of the organization, and takes one in again."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from organizations.archives import jobs, making
from organizations.archives.arriving import has_changed_since
from organizations.archives.landing import compare_anew, locked
from organizations.archives.models import OPEN, UNDERWAY, Arrival, Export, Stage, State
from organizations.archives.reading import ArchiveFile
from organizations.audit.recording import record
from organizations.models import Organization
from organizations.tenancy.jobs import enqueue

# For so long an uploaded archive is kept.
KEPT: Final = timedelta(days=1)


@transaction.atomic
def ask(*, organization: Organization, by: Any) -> bool:
    """Have an archive written; False while one is being written already."""
    kept = Organization.objects.select_for_update().get(pk=organization.pk)
    for former in Export.objects.filter(OPEN):
        if former.state != State.FAILED:
            return False
        # Only one may be open: one that nobody finished makes way.
        making.fail(former)
    export = Export.objects.create(asked_by=by)
    record("organization.exported", kept, by=by, after={"archive": str(export.pk)})
    enqueue(jobs.write_archive, export_id=str(export.pk))
    return True


def upload(
    *, organization: Organization, by: Any, file: Any, archive: ArchiveFile
) -> Arrival | None:
    """Keep an archive and have it compared; None while another one is underway."""
    file.seek(0)
    kept = making.keep(organization.pk, file)
    made = None
    try:
        made = begin(organization, by, kept, file, archive)
    finally:
        # Nothing names the file when the row was not kept.
        if made is None:
            default_storage.delete(kept)
    return made


@transaction.atomic
def begin(
    organization: Organization, by: Any, kept: str, file: Any, archive: ArchiveFile
) -> Arrival | None:
    """Note an uploaded archive; None while another one is underway."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    if Arrival.objects.filter(stage__in=UNDERWAY).exists():
        return None
    made: Arrival = Arrival.objects.create(
        asked_by=by,
        name=called(file.name),
        file=kept,
        size=file.size,
        sha256=archive.sha256,
        made_at=datetime.fromisoformat(archive.manifest["made_at"]),
        expires_at=timezone.now() + KEPT,
    )
    facts = {"archive": made.sha256, "bytes": made.size}
    record("archive.uploaded", made, by=by, after=facts)
    enqueue(jobs.compare_arrival, arrival_id=str(made.pk))
    enqueue(jobs.discard_arrival, at=made.expires_at, arrival_id=str(made.pk))
    return made


def called(name: str) -> str:
    """Return a file's name as it can be shown."""
    shown = "".join(letter for letter in name if letter.isprintable()).strip()
    return shown[-200:] or "archive.zip"


@transaction.atomic
def confirm(*, waiting: Arrival, by: Any) -> bool:
    """Have an archive taken in; False when it is not, or is compared anew first."""
    row = locked(waiting)
    if row.stage != Stage.COMPARED:
        return False
    if has_changed_since(row.seen):
        compare_anew(row)
        record("archive.uploaded", row, by=by, after={"anew": True})
        enqueue(jobs.compare_arrival, arrival_id=str(row.pk))
        return False
    row.stage, row.done, row.total = Stage.APPLYING, 0, 0
    row.save(update_fields=["stage", "done", "total"])
    record("archive.confirmed", row, by=by, after=row.found["rows"])
    enqueue(jobs.apply_arrival, arrival_id=str(row.pk))
    return True


@transaction.atomic
def cancel(*, waiting: Arrival, by: Any) -> bool:
    """End an import that was not confirmed; False when it cannot be ended any more."""
    row = locked(waiting)
    if row.stage not in (Stage.COMPARING, Stage.COMPARED):
        return False
    before = {"stage": row.stage}
    row.stage, row.finished_at = Stage.CANCELLED, timezone.now()
    row.save(update_fields=["stage", "finished_at"])
    record("archive.cancelled", row, by=by, before=before)
    enqueue(jobs.discard_arrival, arrival_id=str(row.pk))
    return True
