"""Where a stretch of a task's timeline ends, as an address writes it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """The oldest thing that is shown: what came before it has an earlier moment or,
    of the same one, a smaller id."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}_{self.id}"


def read_place(text: str) -> Place | None:
    """Return the place an address names; a mangled one is none."""
    moment, _, last = text.rpartition("_")
    try:
        return Place(EPOCH + timedelta(microseconds=int(moment)), UUID(last))
    except (ValueError, OverflowError):
        return None
