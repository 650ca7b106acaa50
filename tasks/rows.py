"""Task rows as markup, written by Python: fifty of them are half of a page's cost.

One function makes them for pages and for fragments; it escapes whatever people wrote.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tasks.choices import Priority, Status
from tasks.queries import TaskRow

PRIORITY_NAMES = {1: "low", 3: "medium", 5: "high"}


@dataclass(frozen=True)
class Words:
    """Every piece of a row that a language decides and a task does not."""

    priorities: dict[int, str]
    statuses: dict[str, str]
    still: dict[str, str]
    change: str
    due: str
    overdue: str
    nobody: str
    stranger: str


@cache
def words(language: str | None) -> Words:
    """Return the pieces of rows in the active language; the key is only for the cache."""
    change = {
        value: escape(gettext("Status of %(key)s: %(status)s. Change"))
        % {"key": "{}", "status": escape(str(label))}
        for value, label in Status.choices
    }
    return Words(
        priorities={
            value: drawing(
                f"prio {name}",
                f"p-{name}",
                gettext("Priority: %s") % Priority(value).label.lower(),
            )
            for value, name in PRIORITY_NAMES.items()
        },
        statuses={
            value: f'/status/" aria-label="{change[value]}">'
            + drawing(f"status-icon {value}", f"s-{value}")
            + "</a>"
            for value in Status.values
        },
        still={
            value: drawing(
                f"st status-icon {value}", f"s-{value}", gettext("Status: %s") % label
            )
            for value, label in Status.choices
        },
        change=gettext("Change"),
        due=escape(gettext("Due")),
        overdue=escape(gettext("Overdue:")),
        nobody=escape(gettext("Nobody assigned")),
        stranger=gettext("Former member"),
    )


def drawing(classes: str, name: str, label: str = "") -> str:
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    address = f"{static('img/icons.svg')}#{name}"
    return f'<svg class="icon {classes}" {said}><use href="{address}"/></svg>'


def render(
    rows: Iterable[TaskRow],
    names: Mapping[str, str],
    *,
    prefix: str,
    can_edit: bool,
) -> SafeString:
    """Return the lines of a list."""
    language = get_language()
    said, today = words(language), timezone.localdate().isoformat()
    base = reverse("tasks:task_list")
    faces: dict[str, str] = {}
    lines = []
    for task in rows:
        key = f"{prefix}-{task.number}"
        place = f"{base}{task.id}"
        for person in task.people:
            if person not in faces:
                faces[person] = face(person, names.get(person) or said.stranger)
        people = "".join([faces[person] for person in task.people]) or (
            f'<span class="avatar nobody xs" role="img" aria-label="{said.nobody}"></span>'
        )
        status = (
            f'<a class="icon-btn st" href="{place}{said.statuses[task.status].format(key)}'
            if can_edit
            else said.still[task.status]
        )
        done = task.status == "done"
        lines.append(
            f'<li class="task{" done" if done else ""}" id="t-{task.id}">'
            f'{said.priorities[task.priority]}<span class="key">{key}</span>{status}'
            f'<span class="title"><a href="{place}/">{escape(task.title)}</a></span>'
            f'<span class="avatars">{people}</span>'
            f"{due(task.due_date, today, done, language)}</li>"
        )
    return mark_safe("".join(lines))  # noqa: S308  # every text above is escaped


@lru_cache(maxsize=4096)
def face(person: str, name: str) -> str:
    """Return a person's avatar; the hue is a hash of the id, the same everywhere."""
    hue = hashlib.md5(bytes.fromhex(person.replace("-", "")), usedforsecurity=False)
    said = escape(name)
    return (
        f'<span class="avatar h{hue.digest()[0] % 6 + 1} xs" role="img"'
        f' aria-label="{said}" title="{said}">{escape(initials(name))}</span>'
    )


def initials(name: str) -> str:
    parts = name.split() or ["?"]
    letters = parts[0][0] + parts[-1][0] if len(parts) > 1 else parts[0][:2]
    return letters.upper()


@lru_cache(maxsize=4096)
def due(day: str | None, today: str, done: bool, language: str | None) -> str:
    """Return a due date, marked when it is near or past."""
    if day is None:
        return '<span class="due"></span>'
    said, left = words(language), days_between(today, day)
    late = left < 0 and not done
    mark = " late" if late else " soon" if left < 2 and not done else ""
    return (
        f'<span class="due{mark}"><span class="sr-only">'
        f"{said.overdue if late else said.due} </span>{escape(day_text(day, today))}</span>"
    )


def day_text(day: str, today: str) -> str:
    """Return a day as people say it: Today, Tomorrow, 20 Nov, 20 Nov 2031."""
    left = days_between(today, day)
    if left in (0, 1):
        return gettext("Tomorrow") if left else gettext("Today")
    form = "j M" if day[:4] == today[:4] else "j M Y"
    return date_format(date.fromisoformat(day), form)


def days_between(today: str, day: str) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(today)).days
