"""What a list shows: read from the address, and written back into it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from tasks.choices import Priority, Status

ME, NOBODY = "me", "nobody"
LONGEST_SEARCH = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATUSES = frozenset(Status.values)
# What each condition is called in an address, in the order it stands there.
PARAMETERS = {
    "words": "q",
    "status": "status",
    "priority": "priority",
    "assignee": "assignee",
    "label": "label",
    "team": "team",
    "cursor": "cursor",
}
PRIORITIES = {str(value): value for value in Priority.values}


@dataclass(frozen=True)
class Cursor:
    """The last task of a page, by which the next begins: microseconds and id."""

    moment: int
    id: str

    def __str__(self) -> str:
        return f"{self.moment}_{self.id}"

    @property
    def created_at(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.moment)


def cursor_at(created_at: str, task_id: str) -> Cursor:
    """Return the place after a task."""
    passed = datetime.fromisoformat(created_at) - EPOCH
    return Cursor(passed // timedelta(microseconds=1), task_id)


@dataclass(frozen=True)
class Filters:
    """The conditions of a list; anything an address says badly is left out.

    `assignee` is "me", "nobody" or an id; a person who is not there does nothing, so
    an unknown id finds no task rather than failing.
    """

    words: str = ""
    status: str = ""
    priority: int | None = None
    assignee: str = ""
    label: str = ""
    team: str = ""
    cursor: Cursor | None = None

    @property
    def is_empty(self) -> bool:
        narrow = (self.words, self.status, self.priority, self.assignee)
        return not any((*narrow, self.label, self.team))

    def user_id(self, me: UUID) -> UUID | None:
        """Return whose tasks are asked for, if one person's are."""
        if self.assignee in ("", NOBODY):
            return None
        return me if self.assignee == ME else UUID(self.assignee)

    def address(self, **changes: Any) -> str:
        """Return the query string of these filters with some of them changed."""
        values = {name: getattr(self, name) for name in PARAMETERS} | changes
        return "?" + urlencode(
            {PARAMETERS[name]: value for name, value in values.items() if value}
        )


def read(query: QueryDict) -> Filters:
    """Return the filters an address asks for."""
    if not query:
        return Filters()
    status = query.get("status", "")
    status = status if status in STATUSES else ""
    words = " ".join(query.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    # Only one run of tasks can go on from a place; groups begin at their newest.
    goes_on = status or words
    return Filters(
        words=words,
        status=status,
        priority=PRIORITIES.get(query.get("priority", "")),
        assignee=read_assignee(query.get("assignee", "")),
        label=read_id(query.get("label", "")),
        team=read_id(query.get("team", "")),
        cursor=read_cursor(query.get("cursor", "")) if goes_on else None,
    )


def read_assignee(text: str) -> str:
    return text if text in (ME, NOBODY) else read_id(text)


def read_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def read_cursor(text: str) -> Cursor | None:
    """Return the place an address goes on from; a mangled one starts anew."""
    moment, _, last = text.rpartition("_")
    try:
        cursor = Cursor(int(moment), str(UUID(last)))
        # The database's calendar is longer than Python's: what fits here fits there.
        return cursor if cursor.created_at else None
    except (ValueError, OverflowError):
        return None
