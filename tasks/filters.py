"""What a list shows: read from the address, and written back into it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from tasks.choices import Priority, Status
from tasks.search import TIERS

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
    "sort": "sort",
    "group": "group",
    "picking": "select",
    "cursor": "cursor",
}
SORTS, GROUPS = ("due", "priority"), ("priority", "assignee", "none")
# What a search is sorted by: how well a task fits, then the newest.
BEST = "best"
# What has no day is due after everything else.
FOREVER = "infinity"
PRIORITIES = {str(value): value for value in Priority.values}


@dataclass(frozen=True)
class Cursor:
    """The last task of a page, by which the next begins: what it is sorted by, and id.

    Microseconds for the newest first, a day (or nothing) for what is due, a number for
    priorities; a search's tier stands before its moment.
    """

    value: str
    id: str

    def __str__(self) -> str:
        return f"{self.value}_{self.id}"

    @property
    def created_at(self) -> datetime:
        moment: datetime = self.place("")
        return moment

    def place(self, sort: str) -> Any:
        """Return the value as its column has it; ValueError when it is none."""
        if sort == BEST:
            tier, _, moment = self.value.partition("-")
            return TIERS[int(tier)], EPOCH + timedelta(microseconds=int(moment))
        if sort == "due":
            return date.fromisoformat(self.value) if self.value else FOREVER
        if sort == "priority":
            return PRIORITIES[self.value]
        return EPOCH + timedelta(microseconds=int(self.value))


def cursor_at(row: Any, sort: str = "") -> Cursor:
    """Return the place after a row of a list."""
    if sort == BEST:
        newest = cursor_of(row.created_at, row.id)
        return Cursor(f"{row.tier}-{newest.value}", row.id)
    if sort == "due":
        return Cursor(row.due_date or "", row.id)
    if sort == "priority":
        return Cursor(str(row.priority), row.id)
    return cursor_of(row.created_at, row.id)


def cursor_of(created_at: str, key: str) -> Cursor:
    """Return the place after something that is sorted by its moment."""
    passed = datetime.fromisoformat(created_at) - EPOCH
    return Cursor(str(passed // timedelta(microseconds=1)), key)


@dataclass(frozen=True)
class Filters:
    """The conditions of a list; anything an address says badly is left out.

    `assignee` is "me", "nobody" or an id; a person who is not there does nothing, so
    an unknown id finds no task rather than failing. `picking` is whether the rows come
    with boxes, for browsers without scripts.
    """

    words: str = ""
    status: str = ""
    priority: int | None = None
    assignee: str = ""
    label: str = ""
    team: str = ""
    sort: str = ""
    group: str = ""
    picking: str = ""
    cursor: Cursor | None = None

    @property
    def is_empty(self) -> bool:
        narrow = (self.words, self.status, self.priority, self.assignee)
        return not any((*narrow, self.label, self.team))

    @property
    def order(self) -> str:
        """What the list is sorted by."""
        return BEST if self.words else self.sort

    def user_id(self, me: UUID | None) -> UUID | None:
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
    sort = one_of(SORTS, query.get("sort", "")) if not words else ""
    group = one_of(GROUPS, query.get("group", ""))
    priority = PRIORITIES.get(query.get("priority", ""))
    # Only one run of tasks can go on from a place; groups begin at their first.
    alone = {"": status, "priority": priority}.get(group, "yes")
    return Filters(
        words=words,
        status=status,
        priority=priority,
        assignee=read_assignee(query.get("assignee", "")),
        label=read_id(query.get("label", "")),
        team=read_id(query.get("team", "")),
        sort=sort,
        group=group,
        picking=one_of(("1",), query.get("select", "")),
        cursor=read_cursor(query.get("cursor", ""), BEST if words else sort)
        if words or alone
        else None,
    )


def read_assignee(text: str) -> str:
    return text if text in (ME, NOBODY) else read_id(text)


def read_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def one_of(options: tuple[str, ...], text: str) -> str:
    return text if text in options else ""


def read_cursor(text: str, sort: str = "") -> Cursor | None:
    """Return the place an address goes on from; a mangled one starts anew."""
    value, _, last = text.rpartition("_")
    try:
        cursor = Cursor(value, str(UUID(last)))
        # The database's calendar is longer than Python's: what fits here fits there.
        return cursor if cursor.place(sort) else None
    except (ValueError, OverflowError, LookupError):
        return None
