"""The worker's part of an import: comparing an archive, and taking it in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from organizations.archives import arriving, files, people, rows, signing
from organizations.archives.arriving import Journey, Overtaken
from organizations.archives.models import BUSY, Arrival, Refusal, Stage
from organizations.archives.progress import Progress, progress
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.archives.travelling import organization_table
from organizations.audit.recording import record
from organizations.flows import SlugTaken
from organizations.limits.refusals import LimitReached
from organizations.models import Organization
from organizations.tenancy import no_context, tenant

log = structlog.get_logger("insula.archives")

# How often each row is read: to count, and to compare.
COMPARING_READS: Final = 2
# The same, then to write, and to compare once more.
APPLYING_READS: Final = 4
OWN_ROW: Final = Organization._meta.db_table
# So many of the people who are not known here are named.
NAMED: Final = 20


def compare(arrival: Arrival) -> None:
    """Find what an archive would change, and tell whoever asked; nothing is changed."""
    with (
        refusals_noted(arrival),
        progress(arrival) as watch,
        journey_of(arrival, watch, COMPARING_READS) as journey,
    ):
        arriving.look(journey)
        note_compared(arrival, journey, besides(journey))


def take_in(arrival: Arrival) -> None:
    """Take an archive in over the organization, or change nothing.

    Where something was recorded since it was compared it is compared anew: nobody
    loses what they were not shown. Each change records itself, so the log knows, and
    under the organization's lock nothing can be added to it unseen.
    """
    with (
        refusals_noted(arrival),
        progress(arrival) as watch,
        journey_of(arrival, watch, APPLYING_READS) as journey,
    ):
        journey.seen, journey.is_agreed = arrival.seen, True
        journey.about = {"import": str(arrival.pk)}
        arriving.take_in(journey, by=None, then=lambda: note_done(arrival, journey))


@contextmanager
def journey_of(arrival: Arrival, watch: Progress, reads: int) -> Iterator[Journey]:
    """Open an archive that was found to be whole, on its way over the organization."""
    with default_storage.open(arrival.file) as file:
        archive = ArchiveFile(file, signing.own_keys())
        watch.expect(reads * archive.rows_said)
        archive.watch = watch
        archive.verify()
        target: Any = arrival.organization_id
        if archive.organization_id != target:
            raise Unreadable("It is another organization's.", Refusal.ANOTHER)
        yield Journey(archive, people.matched(archive), target, is_here=True)


@contextmanager
def refusals_noted(arrival: Arrival) -> Iterator[None]:
    """Note why an archive is not taken; whatever goes wrong is told on the page."""
    try:
        yield
    except Overtaken:
        compare_anew(arrival)
    except Unreadable as error:
        log.info("archive.refused", why=error.why, text=str(error))
        fail(arrival, error.why)
    except SlugTaken:
        fail(arrival, Refusal.ADDRESS)
    except LimitReached:
        fail(arrival, Refusal.PLAN)
    except Exception:
        log.exception("archive.import")
        fail(arrival, Refusal.TROUBLE)


@transaction.atomic
def note_compared(
    arrival: Arrival, journey: Journey, others: dict[str, list[int]]
) -> None:
    """Keep what would change, unless somebody has cancelled meanwhile."""
    row = locked(arrival)
    if row.stage != Stage.COMPARING:
        return
    row.stage, row.seen = Stage.COMPARED, journey.seen
    row.found = found_by(journey, others)
    row.save(update_fields=["stage", "found", "seen"])
    tell("archive.compared", row, row.found["rows"])


def note_done(arrival: Arrival, journey: Journey) -> None:
    """Keep what was changed, in the transaction that changes it."""
    row = locked(arrival)
    # Files and the own row are as they were compared: the log says so.
    others = {name: row.found["tables"][name] for name in (OWN_ROW, files.FILES)}
    row.stage, row.found = Stage.DONE, found_by(journey, others)
    row.finished_at = timezone.now()
    row.save(update_fields=["stage", "found", "finished_at"])


@transaction.atomic
def fail(arrival: Arrival, why: Refusal) -> None:
    """End an import that cannot be; nothing of the organization was changed."""
    row = locked(arrival)
    if row.stage in BUSY:
        row.stage, row.refusal, row.finished_at = Stage.FAILED, why, timezone.now()
        row.save(update_fields=["stage", "refusal", "finished_at"])
        tell("archive.refused", row, {"why": str(why)})


@transaction.atomic
def compare_anew(arrival: Arrival) -> None:
    """Go back to comparing; the worker does it next."""
    row = locked(arrival)
    if row.stage not in (Stage.COMPARED, Stage.APPLYING):
        return
    row.stage, row.done, row.total = Stage.COMPARING, 0, 0
    row.found = {**row.found, "anew": True}
    row.save(update_fields=["stage", "done", "total", "found"])


def tell(action: str, row: Any, facts: dict[str, Any]) -> None:
    """Record what the worker found, as nobody's doing: whoever asked is told of it."""
    with no_context(), tenant(row.organization_id):
        record(action, row, after=facts)


@transaction.atomic
def discard(arrival: Arrival) -> bool:
    """Delete an import's file, and end it where its day has passed; False without one."""
    row = locked(arrival)
    if not row.has_ended:
        row.stage, row.finished_at = Stage.EXPIRED, timezone.now()
        record("archive.cancelled", row, after={"expired": True})
    if not row.file:
        return False
    default_storage.delete(row.file)
    row.file = ""
    row.save(update_fields=["stage", "finished_at", "file"])
    return True


def locked(arrival: Arrival) -> Arrival:
    found: Arrival = Arrival.objects.select_for_update().get(pk=arrival.pk)
    return found


def besides(journey: Journey) -> dict[str, list[int]]:
    """Return what becomes of the organization's own row, and of its files."""
    own = organization_table()
    with no_context(), tenant(journey.target), transaction.atomic():
        rows.prepare()
        (here,) = rows.read(own, journey.target)
    is_another = journey.organization_row() != here
    present, wanted = files.hashes(journey.target), journey.archive.files
    replaced = [
        name for name in present.keys() & wanted if present[name] != wanted[name]
    ]
    return {
        OWN_ROW: [0, int(is_another), 0],
        files.FILES: [
            len(wanted.keys() - present),
            len(replaced),
            len(present.keys() - wanted),
        ],
    }


def found_by(journey: Journey, others: dict[str, list[int]]) -> dict[str, Any]:
    """Return what an import changes, as its row keeps it; files are no rows."""
    unknown = [one for one in journey.people.unknown if one["email"]]
    found = {
        one.table.name: [one.added, one.changed, one.removed]
        for one in journey.differences
    }
    totals = map(sum, zip(*found.values(), others[OWN_ROW], strict=True))
    return {
        "tables": found | others,
        "rows": dict(zip(("added", "changed", "removed"), totals, strict=True)),
        "left_out": journey.left_out,
        "unknown": [one["email"] for one in unknown[:NAMED]],
        "missing": len(journey.people.unknown),
    }
