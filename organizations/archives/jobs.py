"""Archives are written and deleted by the worker."""

from django.db import transaction

from organizations.archives import making
from organizations.archives.models import Export, State
from organizations.tenancy.jobs import enqueue, job


@job()
def write_archive(*, export_id: str) -> None:
    """Write the archive that an owner asked for, and have it told and deleted.

    After a worker's death the archive may be written already: its end must not be lost.
    """
    export = Export.objects.filter(pk=export_id).first()
    if export is None:
        return
    making.prepare(export=export)
    if export.file:
        with transaction.atomic():
            enqueue(tell_of_archive, export_id=export_id)
            enqueue(discard_archive, at=export.expires_at, export_id=export_id)


@job()
def tell_of_archive(*, export_id: str) -> None:
    """Mail whoever asked that the archive is ready."""
    export = Export.objects.filter(pk=export_id).first()
    if export is not None and export.state == State.READY:
        making.tell(export=export)


@job()
def discard_archive(*, export_id: str) -> None:
    """Delete an archive whose week has passed."""
    export = Export.objects.filter(pk=export_id).first()
    if export is not None:
        making.discard(export=export)
