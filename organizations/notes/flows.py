"""What staff do with notes: each act in the platform's log, and never the text."""

from typing import Any

from django.db import transaction

from organizations.audit.recording import record, using
from organizations.notes.models import StaffNote, side_of


def add_note(
    *, about: Any, by: Any, text: str, pinned: bool = False, same_as: Any = None
) -> StaffNote:
    """Write a note about a person or an organization."""
    note = StaffNote(**{side_of(about): about}, written_by=by, text=text, pinned=pinned)
    note.same_as = same_as
    with transaction.atomic(using=using()):
        note.save()
        record("staff_note.added", note, by=by, after=facts(note))
    return note


def facts(note: StaffNote) -> dict[str, Any]:
    """Return what the log says of a note: about whom, and nothing of what."""
    told = {"about": str(note.about.pk), "pinned": note.pinned}
    return told | ({"same_as": str(note.same_as.pk)} if note.same_as else {})


def merge_notes(*, of: Any, into: Any, by: Any) -> int:
    """Move every note of a duplicate to whom it is one of; return how many moved.

    Both are people or both organizations. A note that called the first the same as the
    second now says it the other way round, so that both pages go on showing it.
    """
    side = side_of(of)
    with transaction.atomic(using=using()):
        rows = StaffNote.objects.about(of)
        pointing = rows.filter(**{f"same_{side}": into})
        moved = pointing.update(**{side: into, f"same_{side}": of})
        moved += rows.update(**{side: into})
        if moved:
            after = {"of": str(of.pk), "into": str(into.pk), "notes": moved}
            record("staff_note.merged", by=by, after=after, label=str(into))
    return moved
