"""A page of tasks: its groups as markup, and what stands round them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from organizations.http import TenantRequest
from organizations.teams.models import Team
from tasks.choices import Status
from tasks.filters import Filters, cursor_at
from tasks.groups import GROUPINGS, label_of, mark_of
from tasks.labels.models import Label
from tasks.origins import Origin
from tasks.queries import COUNT_CAP, GROUPS, PAGE, Listing, TaskRow
from tasks.rows import render
from tasks.toolbar import toolbar, view_switch

GROUP_BEGIN = '<details class="group" open><summary>'
EVERYTHING = Filters()
OPEN = tuple(status for status in GROUPS if status != Status.DONE)


def page_context(
    request: TenantRequest, filters: Filters, listing: Listing
) -> dict[str, Any]:
    """Return what the list page shows: its parts, and what it looks like."""
    found = bool(filters.words)
    parts = {
        "switch": view_switch(filters, "list"),
        "groups": run(request, filters, listing, "", listing.rows)
        if found and listing.rows
        else grouped(request, filters, listing),
        "toolbar": toolbar(filters, {**listing.names, **chosen_names(filters)}),
        "open_count": open_count(listing.counts)
        if filters.is_empty and not filters.group
        else "",
        "address": filters.address(),
        "boxes": filters.address(picking="" if filters.picking else "1"),
        "nothing": ""
        if listing.rows or any(listing.counts.values())
        else nothing(request, filters),
    }
    return {
        "parts": parts,
        "picking": bool(filters.picking),
        "can_edit": "tasks.edit" in request.abilities,
    }


def nothing(request: TenantRequest, filters: Filters) -> SafeString:
    """Return what stands in the place of tasks when there are none."""
    context = {"filters": filters, "can_edit": "tasks.edit" in request.abilities}
    return render_to_string("tasks/nothing.html", context)


def chosen_names(filters: Filters) -> dict[str, str]:
    """Return the names of the label and the team a list is narrowed to."""
    names = {}
    for key, rows in ((filters.label, Label.objects), (filters.team, Team.objects)):
        name = rows.filter(pk=key).values_list("name", flat=True).first() if key else ""
        if name:
            names[key] = name
    return names


def continued(request: TenantRequest, filters: Filters, listing: Listing) -> SafeString:
    """Return what is put in the place of "Show more": rows, and the next such link."""
    if filters.group == "assignee" and not filters.words:
        return grouped(request, filters, listing)
    rows = lines(request, listing.rows, listing.names, filters)
    ahead = ""
    if listing.more:
        ahead = more(after(filters, listing.rows[-1]), 0)
    return mark_safe(f"<ul>{rows}</ul>{ahead}")  # noqa: S308  # its parts are escaped


def grouped(request: TenantRequest, filters: Filters, listing: Listing) -> SafeString:
    """Return the groups; the first tasks of all are spread over them."""
    grouping = GROUPINGS[filters.group]
    found: dict[str, list[TaskRow]] = {}
    for row in listing.rows:
        found.setdefault(grouping.key_of(row), []).append(row)
    parts = [
        run(request, filters, listing, key, found.get(key, []))
        if key in found or listing.counts.get(key)
        else vacant(filters.group, key, get_language())
        for key in grouping.keys_shown(filters, found)
    ]
    if not grouping.keys and listing.more:
        parts.append(more(after(filters, listing.rows[-1]), 0))
    return mark_safe("".join(parts))  # noqa: S308  # its parts are escaped


def run(
    request: TenantRequest,
    filters: Filters,
    listing: Listing,
    key: str,
    rows: list[TaskRow],
) -> SafeString:
    """Return one group; while searching it is what was found."""
    grouping, is_found = GROUPINGS[filters.group], bool(filters.words)
    count = None if is_found else listing.counts.get(key)
    left = count - len(rows) if count is not None else 0
    ahead = ""
    goes_on = count is None and listing.more and (is_found or bool(grouping.keys))
    if left > 0 or goes_on:
        last = rows[-1] if rows else listing.rows[-1]
        narrowed = {} if is_found else grouping.narrowed(filters, key)
        ahead = more(after(filters, last, **narrowed), left)
    if is_found:
        title = found_head(get_language())
        told = f"{PAGE}+" if listing.more else str(len(rows))
    else:
        title = head(filters.group, key, name_of(filters, key, listing), get_language())
        told = count_text(count)
    body = lines(request, rows, listing.names, filters)
    return mark_safe(  # noqa: S308  # its parts are escaped
        f"{title.format(told)}{body}</ul>{ahead}</details>\n"
    )


def name_of(filters: Filters, key: str, listing: Listing) -> str:
    """Return the name of a group that only its rows can tell, such as a person's."""
    if filters.group != "assignee":
        return ""
    return label_of(filters.group, key, listing.names)


@lru_cache(maxsize=4096)
def head(group: str, key: str, name: str, language: str | None) -> str:
    """Return the beginning of a group, {} for its count; the language is the cache's."""
    label = (
        escape(name or label_of(group, key, {})).replace("{", "{{").replace("}", "}}")
    )
    marks = f' data-count="{key}" ' if group == "" else " "
    place = f' id="rows-{key}"' if group == "" else ""
    return (
        f"{GROUP_BEGIN}{chevron()}{mark_of(group, key)}{label} "
        f'<span class="count"{marks.rstrip()}>{{}}</span></summary><ul{place}>'
    )


@cache
def found_head(language: str | None) -> str:
    label = escape(gettext("Found"))
    return (
        f'{GROUP_BEGIN}{chevron()}{label} <span class="count">{{}}</span></summary><ul>'
    )


def chevron() -> str:
    return (
        '<svg class="icon sm chev" aria-hidden="true">'
        f'<use href="{static("img/icons.svg")}#chevron-right"/></svg>'
    )


@cache
def vacant(group: str, key: str, language: str | None) -> str:
    """Return a group without tasks, which shows once a row is put into it."""
    group = head(group, key, "", language).format(0) + "</ul></details>\n"
    return group.replace(" open>", " open hidden>", 1)


def lines(
    request: TenantRequest,
    rows: list[TaskRow],
    names: Mapping[str, str],
    filters: Filters = EVERYTHING,
) -> SafeString:
    """Return rows as the person who asks may use them."""
    query = Origin(filters=replace(filters, cursor=None)).query
    can_edit = "tasks.edit" in request.abilities
    return render(
        rows,
        names,
        prefix=request.organization.task_prefix,
        can_edit=can_edit,
        link=f'"{{}}/{escape(query)}"' if query else "{}/ ",
        marked=filters.words,
        picking=can_edit and bool(filters.picking),
    )


def after(filters: Filters, last: TaskRow, **narrowed: Any) -> str:
    """Return the address of what comes after a task."""
    return filters.address(cursor=cursor_at(last, filters.order), **narrowed)


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
