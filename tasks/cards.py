"""The board's columns and cards as markup, written by Python as the list's rows are."""

from collections.abc import Mapping
from functools import cache
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from organizations.http import TenantRequest
from tasks.choices import Status
from tasks.columns import CARDS
from tasks.filters import Filters
from tasks.listing import count_text
from tasks.queries import COUNT_CAP, Listing, TaskRow
from tasks.rows import due, face_of, said_about, tags, words

COLUMNS = tuple(Status.values)
# As in rows, what repeats goes without quotes.
DONE = '"tcard done"'


def columns(
    request: TenantRequest, filters: Filters, listing: Listing
) -> list[SafeString]:
    """Return every column with its cards; a filter by status leaves only that one."""
    by_status: dict[str, list[TaskRow]] = {}
    for row in listing.rows:
        by_status.setdefault(row.status, []).append(row)
    shown = [filters.status] if filters.status else COLUMNS
    return [
        column(request, filters, listing, status, by_status.get(status, []))
        for status in shown
    ]


def column(
    request: TenantRequest,
    filters: Filters,
    listing: Listing,
    status: str,
    rows: list[TaskRow],
) -> SafeString:
    """Return one column; its count is of all tasks, not of those shown."""
    count = listing.counts.get(status, 0)
    can_edit = "tasks.edit" in request.abilities
    told = head(status, can_edit, get_language()).format(count_text(count))
    body = cards(rows, listing.names, request.organization.task_prefix, can_edit)
    rest = more(filters, status, count - len(rows)) if count > CARDS else ""
    return mark_safe(f"{told}{body}{rest}</ol></section>\n")  # noqa: S308  # escaped


@cache
def head(status: str, can_edit: bool, language: str | None) -> str:
    """Return the beginning of a column, {} for its count; the language is the key's."""
    label = escape(str(Status(status).label))
    add = ""
    if can_edit:
        said = escape(gettext("New task in %(status)s") % {"status": label})
        where = f"{reverse('tasks:task_create')}?status={status}"
        add = (
            f'<a class="icon-btn push" href="{where}" aria-label="{said}">'
            f'<svg class="icon" aria-hidden="true">'
            f'<use href="{static("img/icons.svg")}#plus"/></svg></a>'
        )
    cards = escape(gettext("Tasks: %(status)s") % {"status": label})
    return (
        f'<section class="column" id="column-{status}" aria-labelledby="h-{status}">'
        f'<header><i class="mark {status}"></i><h2 id="h-{status}">{label}</h2>'
        f'<span class="count" data-count="{status}">{{}}</span>{add}</header>'
        f'<ol tabindex="0" data-status="{status}" aria-label="{cards}">'
    )


def cards(
    tasks: list[TaskRow], names: Mapping[str, str], prefix: str, can_edit: bool
) -> str:
    """Return tasks as cards; what they share is asked for once."""
    language = get_language()
    said, today = words(language), timezone.localdate().isoformat()
    drawn = []
    for task in tasks:
        key, done = f"{prefix}-{task.number}", task.status == Status.DONE
        people = "".join(
            [
                face_of(person, names.get(person) or said.stranger)
                for person in task.people
            ]
        )
        foot = due(task.due_date, today, done, language)
        foot += said_about(task.comments, said.comments)
        drawn.append(
            f"<li id=card-{task.id}{' draggable=true' if can_edit else ''}>"
            f"<article class={DONE if done else 'tcard'}>"
            f"<div class=top>{said.priorities[task.priority]}<span>{key}</span>"
            f"{move_link(task.id, key, language) if can_edit else ''}"
            f"<span class=avatars>{people or said.nobody}</span></div>"
            f"<h3><a href=/tasks/{task.number}/ >{escape(task.title)}</a></h3>"
            f"{tags(task.labels)}"
            f"{f'<div class=foot>{foot}</div>' if foot else ''}</article>"
        )
    return "".join(drawn)


def move_link(task_id: str, key: str, language: str | None) -> str:
    """Return the way to move a card without dragging it."""
    said = move_label(language).format(key)
    return f'<a class=move href=/tasks/{task_id}/move/ aria-label="{said}"></a>'


@cache
def move_label(language: str | None) -> str:
    """Return what the handle is called, {} for the task's key."""
    return escape(gettext("Move %(key)s") % {"key": "{}"})


def more(filters: Filters, status: str, left: int) -> str:
    """Return the link to the rest of a column, which the list shows."""
    where = reverse("tasks:task_list") + filters.address(status=status, cursor=None)
    text = gettext("Show more")
    if left <= COUNT_CAP - CARDS:
        text = ngettext("Show %(number)s more", "Show %(number)s more", left)
        text %= {"number": left}
    return f'<li><a class="more" href="{escape(where)}">{escape(text)}</a></li>'
