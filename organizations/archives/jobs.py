"""Archives are written, compared, taken in and deleted by the worker."""

from django.db import transaction

from organizations.archives import landing, making
from organizations.archives.models import Arrival, Export, Stage, State
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


@job()
def compare_arrival(*, arrival_id: str) -> None:
    """Find what an archive would change."""
    arrival = Arrival.objects.filter(pk=arrival_id).first()
    if arrival is None:
        return
    if arrival.stage == Stage.COMPARING:
        landing.compare(arrival)
    go_on(arrival)


@job()
def apply_arrival(*, arrival_id: str) -> None:
    """Take an archive in that an owner has confirmed."""
    arrival = Arrival.objects.filter(pk=arrival_id).first()
    if arrival is None:
        return
    if arrival.stage == Stage.APPLYING:
        landing.take_in(arrival)
    go_on(arrival)


def go_on(arrival: Arrival) -> None:
    """Do what follows, also after a worker that died before it could say so."""
    arrival.refresh_from_db(fields=["stage"])
    if arrival.has_ended:
        enqueue(discard_arrival, arrival_id=str(arrival.pk))
    elif arrival.stage == Stage.COMPARING:
        enqueue(compare_arrival, arrival_id=str(arrival.pk))


@job()
def discard_arrival(*, arrival_id: str) -> None:
    """Delete the archive of an import that has ended, or whose day has passed."""
    arrival = Arrival.objects.filter(pk=arrival_id).first()
    if arrival is not None:
        landing.discard(arrival)
