"""Files are checked and made into tasks by the worker."""

from organizations.tenancy.jobs import enqueue, job
from tasks.imports import checking, running
from tasks.imports.models import Import, State


@job()
def check_import(*, import_id: str) -> None:
    """Read a file that is too large for a request."""
    waiting = Import.objects.filter(pk=import_id, state=State.CHECKING).first()
    if waiting is not None:
        checking.check(waiting)


@job()
def run_import(*, import_id: str) -> None:
    """Make tasks for a while, and hand the rest on: others wait as well."""
    if running.work(import_id):
        enqueue(run_import, import_id=import_id)


@job()
def discard_import(*, import_id: str) -> None:
    """Delete the files of an import whose week has passed."""
    kept = Import.objects.filter(pk=import_id).first()
    if kept is not None:
        running.discard(kept)
