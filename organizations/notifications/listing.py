"""What an inbox shows: the newest of each thing, and how much more there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from organizations.models import Organization
from organizations.notifications.kinds import KINDS, Kind
from organizations.notifications.models import LISTED, UNREAD, Notification
from organizations.notifications.sentences import age, markup
from organizations.paging import Page, Place, page_behind

PAGE: Final = 30
PARTS: Final = {
    "all": LISTED,
    "unread": UNREAD,
    "mentions": LISTED & Q(kind="mention"),
    "archived": Q(in_inbox=True, withdrawn_at=None) & ~Q(archived_at=None),
}


@dataclass(frozen=True)
class Line:
    """One line of an inbox; `more` is how much else there is about the same thing."""

    id: UUID
    note: Notification
    kind: Kind
    words: SafeString
    actor: User | None
    at: datetime
    age: str
    is_new: bool
    more: int


@dataclass(frozen=True)
class Inbox:
    """A page of lines, and where the next begins."""

    lines: list[Line]
    next: Place | None


def inbox(
    user: Any, organization: Organization, shown: str, place: Place | None = None
) -> Inbox:
    """Return a page of a person's inbox in three statements, however much there is."""
    part = rows_of(user, shown)
    # One sort of all there is, however few the planner takes it to be.
    newest = part.order_by("subject_id", "-pk").distinct("subject_id").values("pk")
    page: Page[Notification] = page_behind(
        part.filter(pk__in=newest), "created_at", place, PAGE
    )
    return Inbox(drawn(page.rows, part, organization), page.next)


def rows_of(user: Any, shown: str) -> QuerySet[Notification]:
    return Notification.objects.filter(PARTS[shown], user=user)


def line_of(
    user: Any, organization: Organization, note: Notification, shown: str
) -> Line | None:
    """Return the line of what a notification is about; None when it is gone from here."""
    part = rows_of(user, shown)
    rows = list(part.filter(subject_id=note.subject_id).order_by("-pk")[:1])
    return next(iter(drawn(rows, part, organization)), None)


def drawn(
    rows: Sequence[Notification],
    part: QuerySet[Notification],
    organization: Organization,
) -> list[Line]:
    """Return lines with their people, and how much each stands for."""
    about = part.filter(subject_id__in=[row.subject_id for row in rows]).order_by()
    counted = about.values("subject_id").annotate(
        every=Count("pk"), new=Count("pk", filter=Q(read_at=None))
    )
    numbers = {each["subject_id"]: each for each in counted}
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    return [
        Line(
            id=row.pk,
            note=row,
            kind=KINDS[row.kind],
            words=markup(row, organization),
            actor=people.get(row.actor_id),
            at=row.created_at,
            age=age(row.created_at),
            is_new=bool(numbers[row.subject_id]["new"]),
            more=numbers[row.subject_id]["every"] - 1,
        )
        for row in rows
    ]


def unread_count(user: Any, most: int = 100) -> int:
    """Return how much in a person's inbox is new, as far as it is counted."""
    return Notification.objects.filter(UNREAD, user=user)[:most].count()
