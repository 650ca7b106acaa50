"""Takes an archive in: as the organization that has gone, over one, or as a new one.

It runs in the organization's own context with the runtime role, so that the policies
keep it from everybody else's rows. Afterwards the rows are compared with the archive
once more, before anything is kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import User
from organizations.archives import comparing, files, rows
from organizations.archives.comparing import Difference
from organizations.archives.people import People
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.archives.rows import Row
from organizations.archives.translating import Translator
from organizations.archives.travelling import organization_table, tables
from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.events.reading import skip_to_end
from organizations.flows import add_member, taken_as
from organizations.limits.counting import count, use_of, within_limits
from organizations.limits.models import Key
from organizations.models import Membership, Organization, Role
from organizations.tenancy import identity, no_context, tenant

# A row that another one let go changes those that named it; so often is looked again.
TRIES: Final = 6
# What archives record while they are written and compared.
STEPS: Final = "archive."

# Sent with `organization` inside its context when one is here that was not before.
arrived = Signal()


class Overtaken(Exception):
    """Something was recorded in the organization since it was compared."""


class Unsettled(Unreadable):
    """The rows are not those of the archive, however often they were written."""


@dataclass
class Journey:
    """One archive on its way to one organization: which, and under which name.

    `seen` is the log's last entry that was there when it was compared; with `is_agreed`
    nothing is taken over what was recorded since. `about` is what the log says besides.
    """

    archive: ArchiveFile
    people: People
    target: UUID
    is_here: bool
    name: str = ""
    slug: str = ""
    differences: list[Difference] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    is_agreed: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def rechained(self) -> bool:
        """Whether the log's hashes cannot be those of the archive."""
        moved = self.target != self.archive.organization_id
        return moved or not self.people.are_the_same

    @property
    def has_same_rows(self) -> bool:
        return not any(self.differences)

    def translator(self) -> Translator:
        return Translator(self.archive, self.people, self.target)

    def organization_row(self) -> Row:
        """Return the organization's own row as it is to stand here."""
        found = list(self.translator().rows(organization_table()))
        if not found:
            raise Unreadable("The organization's own row is missing.")
        own = {"name": self.name, "slug": self.slug}
        return found[0] | {key: value for key, value in own.items() if value}

    def compare(self) -> list[Difference]:
        """Compare the archive with what is here, inside the organization."""
        translator = self.translator()
        found = comparing.differences(translator, self.target, rechained=self.rechained)
        self.left_out = {
            name: len(gone) for name, gone in translator.left_out.items() if gone
        }
        return found

    def facts(self) -> dict[str, Any]:
        """Return what the log says of the journey."""
        return self.about | {
            "archive": self.archive.sha256,
            "made_at": self.archive.manifest["made_at"],
            "from": str(self.archive.organization_id),
            "organization": str(self.target),
            "over": self.is_here,
            "people_made": len(self.people.made),
            "left_out": self.left_out,
            "changed": {
                one.table.name: len(one.gone) for one in self.differences if one.gone
            },
            "added": {
                one.table.name: one.added for one in self.differences if one.added
            },
        }


def look(journey: Journey) -> list[Difference]:
    """Return what taking the archive in would change; nothing is changed."""
    journey.archive.fits([organization_table(), *tables()])
    with no_context(), tenant(journey.target), rows.snapshot():
        rows.prepare()
        journey.seen = last_entry()
        journey.differences = journey.compare()
    return journey.differences


def take_in(
    journey: Journey, *, by: User | None, then: Callable[[], None] = lambda: None
) -> list[Difference]:
    """Make the organization's rows and files those of the archive, or change nothing.

    `then` is called in the same transaction. Unreadable when it cannot be taken,
    SlugTaken when its address is another's, LimitReached when the plan of an
    organization that is here does not hold it, Overtaken when it is another by now.
    """
    journey.archive.fits([organization_table(), *tables()])
    row = journey.organization_row()
    with no_context(), tenant(journey.target, by):
        with refusals_named(), transaction.atomic():
            rows.prepare()
            begin(journey, row)
            with within_limits():
                journey.differences = settle(journey)
                count_storage(journey)
            finish(journey, row, by)
            then()
            obsolete = place_files(journey)
        files.remove(journey.target, obsolete)
    return journey.differences


def begin(journey: Journey, row: Row) -> None:
    """Lock the organization, or write one that is shut until all is there.

    While it is shut it needs no owner, so that memberships can be written in any order.
    """
    if not journey.is_here:
        names = {name: row[name] for name in ("name", "slug", "task_prefix")}
        made: Any = Organization(id=journey.target, **names, deleted_at=timezone.now())
        made.save(force_insert=True)
    kept = Organization.objects.select_for_update().get(pk=journey.target)
    if journey.is_agreed and has_changed_since(journey.seen):
        raise Overtaken
    kept.deleted_at = timezone.now()
    kept.save(update_fields=["deleted_at"])
    rows.keys_are_checked(now=False)


def last_entry() -> int:
    """Return the place of the log's last entry; 0 where there is none."""
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True)
    return last.first() or 0


def has_changed_since(seen: int) -> bool:
    """Return whether anything was recorded since but what archives went through."""
    entries = AuditEntry.objects.filter(sequence__gt=seen)
    return entries.exclude(action__startswith=STEPS).exists()


def settle(journey: Journey) -> list[Difference]:
    """Write until the rows are the archive's; return what was found different at first."""
    first: list[Difference] = []
    for _attempt in range(TRIES):
        found = journey.compare()
        first = first or found
        if not any(found):
            rows.keys_are_checked(now=True)
            return first
        rewrite(journey, found)
    names = ", ".join(one.table.name for one in found if one)
    raise Unsettled(f"{names}: the rows do not become those of the archive.")


@contextmanager
def refusals_named() -> Iterator[None]:
    """Say what the database does not take; Unreadable, as the archive is what has it."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        reason = str(error).splitlines()[0]
        raise Unreadable(f"The database does not take it: {reason}.") from error


def rewrite(journey: Journey, found: list[Difference]) -> None:
    """Delete what is not as in the archive, and write what is missing."""
    for one in reversed(found):
        rows.delete(one.table, journey.target, one.gone)
    translator = journey.translator()
    for one in found:
        # All are offered: some may be gone with others that were deleted.
        rows.write(one.table, journey.target, translator.rows(one.table))


def count_storage(journey: Journey) -> None:
    """Count the archive's files in the place of those that are here now."""
    used = use_of(Key.STORAGE).used
    count(Key.STORAGE, journey.archive.manifest["storage_bytes"] - used)


def finish(journey: Journey, row: Row, by: User | None) -> None:
    """Open the organization, as it is in the archive, and record what was done."""
    rows.rewrite(organization_table(), journey.target, row)
    organization = Organization.objects.get(pk=journey.target)
    if not journey.is_here:
        skip_to_end()
        arrived.send(sender=Organization, organization=organization)
    own_it(journey, organization)
    with taken_as(organization.slug):
        organization.deleted_at = None
        organization.save(update_fields=["deleted_at"])
    if journey.is_here:
        record("organization.imported", organization, by=by, after=journey.facts())
    with no_context(), identity(by):
        record(
            "organization.imported",
            by=by,
            after=journey.facts(),
            label=organization.slug,
        )


def own_it(journey: Journey, organization: Organization) -> None:
    """See to it that somebody owns the organization; Unreadable when nobody can."""
    owners = Membership.objects.filter(role=Role.OWNER, suspended_at=None)
    if owners.exists():
        return
    if not journey.people.owner:
        raise Unreadable("Nobody who owned it is known here: name somebody who will.")
    with no_context(), identity():
        owner = User.objects.get(pk=journey.people.owner)
    Membership.objects.filter(user=owner).delete()
    add_member(organization=organization, user=owner, role=Role.OWNER, by=None)


def place_files(journey: Journey) -> list[str]:
    """Put the archive's files in place; return those that are to go once all is kept.

    New ones are taken away again when one of them cannot be written.
    """
    here, wanted = files.hashes(journey.target), journey.archive.files
    missing = [name for name in wanted if here.get(name) != wanted[name]]
    try:
        for name in missing:
            with journey.archive.zip.open(f"files/{name}") as file:
                files.put(journey.target, name, file)
    except BaseException:
        files.remove(journey.target, [name for name in missing if name not in here])
        raise
    return [name for name in here if name not in wanted]
