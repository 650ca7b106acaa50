"""A page of tasks as its template wants it: groups, chips, what comes next."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from organizations.http import TenantRequest
from tasks.choices import Priority, Status
from tasks.filters import ME, NOBODY, Cursor, Filters
from tasks.queries import COUNT_CAP, GROUPS, PAGE, Listing, TaskRow
from tasks.rows import render

OPEN = tuple(status for status in GROUPS if status != Status.DONE)


@dataclass(frozen=True)
class Group:
    """One status with its newest tasks; `more` leads to the rest."""

    status: str
    label: str
    count: str
    rows: SafeString
    more: str
    more_label: str


@dataclass(frozen=True)
class Chip:
    """One filter of the toolbar: its menu's links, and what is chosen."""

    name: str
    label: str
    chosen: str
    links: list[tuple[str, str, bool]]


def page_context(
    request: TenantRequest, filters: Filters, listing: Listing
) -> dict[str, Any]:
    """Return what the list page shows."""
    base = reverse("tasks:task_list")
    groups = (
        [found(request, filters, listing)]
        if filters.words and listing.rows
        else grouped(request, filters, listing)
    )
    return {
        "filters": filters,
        "groups": groups,
        "chips": chips(filters, listing, request.user.pk),
        "open_count": open_count(listing.counts) if filters.is_empty else "",
        "can_edit": "tasks.edit" in request.abilities,
        "clear": base,
        "without_words": base + filters.address(words="", cursor=None),
        "people_address": reverse("tasks:assignee_list") + filters.address(cursor=None),
    }


def grouped(
    request: TenantRequest, filters: Filters, listing: Listing
) -> list[Group]:
    """Return the groups that have tasks; the newest of all are spread over them."""
    by_status: dict[str, list[TaskRow]] = {}
    for row in listing.rows:
        by_status.setdefault(row.status, []).append(row)
    return [
        group(request, filters, listing, status, by_status.get(status, []))
        for status in GROUPS
        if status in by_status or listing.counts.get(status)
    ]


def group(
    request: TenantRequest,
    filters: Filters,
    listing: Listing,
    status: str,
    rows: list[TaskRow],
) -> Group:
    count = listing.counts.get(status)
    left = count - len(rows) if count is not None else 0
    goes_on = left > 0 if count is not None else listing.more
    last = rows[-1] if rows else listing.rows[-1]
    return Group(
        status=status,
        label=Status(status).label,
        count=count_text(count),
        rows=lines(request, rows, listing.names),
        more=after(filters, last, status=status) if goes_on else "",
        more_label=more_text(left),
    )


def found(request: TenantRequest, filters: Filters, listing: Listing) -> Group:
    """Return what was searched for: one run, newest first, of every status."""
    return Group(
        status="",
        label=gettext("Found"),
        count=f"{PAGE}+" if listing.more else str(len(listing.rows)),
        rows=lines(request, listing.rows, listing.names),
        more=after(filters, listing.rows[-1]) if listing.more else "",
        more_label=more_text(0),
    )


def lines(
    request: TenantRequest, rows: list[TaskRow], names: dict[str, str]
) -> SafeString:
    """Return rows as the person who asks may use them."""
    return render(
        rows,
        names,
        prefix=request.organization.task_prefix,
        can_edit="tasks.edit" in request.abilities,
    )


def after(filters: Filters, last: TaskRow, **changes: Any) -> str:
    return filters.address(cursor=Cursor(last.created_at, last.id), **changes)


def more_text(left: int) -> str:
    if not left:
        return gettext("Show more")
    number = min(left, PAGE)
    return ngettext("Show %(number)s more", "Show %(number)s more", number) % {
        "number": number
    }


def count_text(count: int | None) -> str:
    if count is None:
        return ""
    if count > COUNT_CAP:
        return f"{number_format(COUNT_CAP, force_grouping=True)}+"
    return str(count)


def open_count(counts: dict[str, int]) -> str:
    """Return how many tasks are not done; capped groups make it "at least"."""
    known = [counts.get(status, 0) for status in OPEN]
    total = sum(min(count, COUNT_CAP) for count in known)
    text = number_format(total, force_grouping=True)
    return f"{text}+" if max(known) > COUNT_CAP else text


def chips(filters: Filters, listing: Listing, me: UUID) -> list[Chip]:
    """Return the toolbar's filters, each link with the others kept."""
    status = [("", gettext("Any"))] + [
        (value, str(Status(value).label)) for value in GROUPS
    ]
    priority: list[tuple[Any, str]] = [(None, gettext("Any"))] + [
        (value, str(Priority(value).label)) for value in (5, 3, 1)
    ]
    assignee = [
        ("", gettext("Anyone")),
        (ME, gettext("Me")),
        (NOBODY, gettext("Nobody")),
    ]
    return [
        chip(filters, "status", gettext("Status"), status),
        chip(filters, "priority", gettext("Priority"), priority),
        chip(filters, "assignee", gettext("Assignee"), assignee, listing.names),
    ]


def chip(
    filters: Filters,
    name: str,
    label: str,
    options: list[tuple[Any, str]],
    names: dict[str, str] | None = None,
) -> Chip:
    value = getattr(filters, name)
    chosen = dict(options).get(value)
    if chosen is None:
        chosen = (names or {}).get(value) or gettext("Somebody")
    links = [
        (filters.address(**{name: option, "cursor": None}), text, option == value)
        for option, text in options
    ]
    return Chip(name, label, chosen, links)
