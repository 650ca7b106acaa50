"""A page of tasks: its groups as markup, and what stands round them."""

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from organizations.http import TenantRequest
from tasks.choices import Status
from tasks.filters import Filters, cursor_at
from tasks.queries import COUNT_CAP, GROUPS, PAGE, Listing, TaskRow
from tasks.rows import render
from tasks.toolbar import toolbar, view_switch

OPEN = tuple(status for status in GROUPS if status != Status.DONE)


def page_context(
    request: TenantRequest, filters: Filters, listing: Listing
) -> dict[str, Any]:
    """Return what the list page shows."""
    found = bool(filters.words)
    return {
        "filters": filters,
        "switch": view_switch(filters, "list"),
        "groups": run(request, filters, listing, "", listing.rows)
        if found and listing.rows
        else grouped(request, filters, listing),
        "is_empty": not listing.rows and not any(listing.counts.values()),
        "toolbar": toolbar(filters, listing.names),
        "open_count": open_count(listing.counts) if filters.is_empty else "",
        "can_edit": "tasks.edit" in request.abilities,
    }


def continued(request: TenantRequest, filters: Filters, listing: Listing) -> SafeString:
    """Return what is put in the place of "Show more": rows, and the next such link."""
    rows = lines(request, listing.rows, listing.names)
    ahead = ""
    if listing.more:
        ahead = more(after(filters, listing.rows[-1]), 0)
    return mark_safe(f"<ul>{rows}</ul>{ahead}")  # noqa: S308  # its parts are escaped


def grouped(request: TenantRequest, filters: Filters, listing: Listing) -> SafeString:
    """Return the groups; the newest tasks of all are spread over them."""
    by_status: dict[str, list[TaskRow]] = {}
    for row in listing.rows:
        by_status.setdefault(row.status, []).append(row)
    parts = [
        run(request, filters, listing, status, by_status.get(status, []))
        if status in by_status or listing.counts.get(status)
        else vacant(status, get_language())
        for status in GROUPS
    ]
    return mark_safe("".join(parts))  # noqa: S308  # its parts are escaped


def run(
    request: TenantRequest,
    filters: Filters,
    listing: Listing,
    status: str,
    rows: list[TaskRow],
) -> SafeString:
    """Return one group; without a status it is what was searched for."""
    count = listing.counts.get(status)
    left = count - len(rows) if count is not None else 0
    ahead = ""
    if left > 0 or (count is None and listing.more):
        last = rows[-1] if rows else listing.rows[-1]
        ahead = more(after(filters, last, status or filters.status), left)
    if status:
        told = count_text(count)
    else:
        told = f"{PAGE}+" if listing.more else str(len(rows))
    body = lines(request, rows, listing.names)
    return mark_safe(  # noqa: S308  # its parts are escaped
        f"{head(status, get_language()).format(told)}{body}</ul>{ahead}</details>\n"
    )


@cache
def head(status: str, language: str | None) -> str:
    """Return the beginning of a group, {} for its count; the key is for the cache."""
    chevron = f'<use href="{static("img/icons.svg")}#chevron-right"/>'
    label, drawing, marks, name = gettext("Found"), "", "", ""
    if status:
        label = str(Status(status).label)
        drawing = f'<i class="mark {status}"></i>'
        marks, name = f' data-count="{status}"', f' id="rows-{status}"'
    return (
        f'<details class="group" open><summary><svg class="icon sm chev"'
        f' aria-hidden="true">{chevron}</svg>{drawing}{escape(label)} '
        f'<span class="count"{marks}>{{}}</span></summary><ul{name}>'
    )


@cache
def vacant(status: str, language: str | None) -> str:
    """Return a group without tasks, which shows once a row is put into it."""
    group = head(status, language).format(0) + "</ul></details>\n"
    return group.replace(" open>", " open hidden>", 1)


def lines(
    request: TenantRequest, rows: list[TaskRow], names: Mapping[str, str]
) -> SafeString:
    """Return rows as the person who asks may use them."""
    return render(
        rows,
        names,
        prefix=request.organization.task_prefix,
        can_edit="tasks.edit" in request.abilities,
    )


def after(filters: Filters, last: TaskRow, status: str | None = None) -> str:
    """Return the address of what comes after a task."""
    wanted = filters.status if status is None else status
    return filters.address(cursor=cursor_at(last.created_at, last.id), status=wanted)


def more(address: str, left: int) -> str:
    """Return the link to the next rows, which takes their place."""
    text = gettext("Show more")
    if left:
        number = min(left, PAGE)
        text = ngettext("Show %(number)s more", "Show %(number)s more", number)
        text %= {"number": number}
    href = escape(address)
    return (
        f'<a class=more href="{href}" hx-get="{href}" hx-target=this'
        f" hx-swap=outerHTML>{escape(text)}</a>"
    )


def count_text(count: int | None) -> str:
    if count is None:
        return ""
    if count > COUNT_CAP:
        return f"{number_format(COUNT_CAP, force_grouping=True)}+"
    return str(count)


def open_count(counts: dict[str, int]) -> SafeString:
    """Return how many tasks are not done; a capped group makes it "at least"."""
    known = [counts.get(status, 0) for status in OPEN]
    total = sum(min(count, COUNT_CAP) for count in known)
    number = number_format(total, force_grouping=True) if total > 999 else str(total)
    if max(known) > COUNT_CAP:
        number += "+"
    text = escape(gettext("%(count)s open") % {"count": number})
    return mark_safe(  # noqa: S308  # a number and a translated word
        f'<span data-count="{" ".join(OPEN)}">{text}</span>'
    )
