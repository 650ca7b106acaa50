"""Walks an organization's chain of entries and names the first that is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value

from organizations.audit.chain import CanonicalText
from organizations.audit.models import AuditEntry
from organizations.audit.verify_log import digest

BATCH: Final = 1_000


@dataclass(frozen=True)
class Problem:
    """The first bad entry: where it stands, which it is, and what is wrong."""

    sequence: int
    entry: UUID | None
    kind: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """What a walk found: how many entries are right, the last one's hash, a problem."""

    entries: int
    head: str
    problem: Problem | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON knows it."""
        found: dict[str, Any] = {"entries": self.entries, "head": self.head}
        if self.problem is not None:
            found["problem"] = {
                **vars(self.problem),
                "entry": str(self.problem.entry or "") or None,
            }
        return found


def verify(organization_id: UUID, kept: tuple[int, str] | None = None) -> Verdict:
    """Walk one organization's chain in its own context, a batch at a time.

    `kept` is a place and the hash that was noted for it when it was the last.
    """
    entries = AuditEntry.objects.filter(organization_id=organization_id)
    place, head = 0, b""
    for entry in in_order(entries):
        problem = wrong(entries, entry, place + 1, head)
        if problem is not None:
            return Verdict(place, head.hex(), problem)
        place, head = entry.sequence, bytes(entry.hash)
        if kept and kept[0] == place and kept[1] != head.hex():
            return Verdict(place, head.hex(), rewritten(entry))
    if kept and kept[0] > place:
        return Verdict(place, head.hex(), cut(place, kept[0]))
    return Verdict(place, head.hex())


def in_order(entries: QuerySet[AuditEntry]) -> Iterator[Any]:
    """Yield the entries by their place; those that share one by their id."""
    rows = with_text(entries, F("sequence")).order_by("sequence", "pk")
    place, key = 0, None
    while batch := list(after(rows, place, key)[:BATCH]):
        yield from batch
        place, key = batch[-1].sequence, batch[-1].pk


def after(rows: QuerySet[Any], place: int, key: UUID | None) -> QuerySet[Any]:
    """Return what follows an entry; everything, when there is none yet."""
    if key is None:
        return rows
    later = Q(sequence__gt=place) | Q(pk__gt=key)
    return rows.filter(later, sequence__gte=place)


def with_text(entries: QuerySet[AuditEntry], place: Any) -> QuerySet[Any]:
    """Add the text that each entry has at a place."""
    return entries.annotate(text=CanonicalText(place)).only(
        "organization_id", "sequence", "hash"
    )


def wrong(
    entries: QuerySet[AuditEntry], entry: Any, place: int, head: bytes
) -> Problem | None:
    """Return what is wrong with the entry that stands where `place` is due."""
    if entry.sequence == place and digest(head, entry.text) == bytes(entry.hash):
        return None
    stray = fitting(entries, place, head)
    if stray is not None:
        text = f"the entry that belongs here stands at {stray.sequence}"
        return Problem(place, stray.pk, "out of order", text)
    if entry.sequence > place:
        text = f"nothing stands between {place - 1} and {entry.sequence}"
        return Problem(place, None, "missing", text)
    if entry.sequence < place:
        text = f"a second entry stands at {entry.sequence}"
        return Problem(entry.sequence, entry.pk, "out of order", text)
    text = "the entry is not the one that was hashed"
    return Problem(place, entry.pk, "changed", text)


def fitting(entries: QuerySet[AuditEntry], place: int, head: bytes) -> Any:
    """Return an entry nearby whose hash says that it was made for the place."""
    near = entries.filter(sequence__range=(place - 1, place + BATCH))
    rows = with_text(near.exclude(sequence=place), Value(place)).order_by("sequence")
    return next(
        (row for row in rows if digest(head, row.text) == bytes(row.hash)), None
    )


def rewritten(entry: Any) -> Problem:
    text = "another hash was kept for this place: the chain was made anew"
    return Problem(entry.sequence, entry.pk, "changed", text)


def cut(place: int, kept: int) -> Problem:
    text = f"the log was kept up to {kept} and ends at {place}"
    return Problem(place + 1, None, "missing", text)
