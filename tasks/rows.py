"""Task rows as markup, written by Python: fifty of them are half of a page's cost.

One function makes them for pages and for fragments; it escapes whatever people wrote.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts.pictures import address
from tasks.choices import Priority, Status
from tasks.queries import TaskRow

# HTML lets quotes round one word and the end of a list item go; in fifty rows that is
# a kilobyte. So is what a number is shorter than an id, and a drawing of the
# stylesheet's than an element of its own.
DONE = '"task done"'
PRIORITY_NAMES = {1: "low", 3: "medium", 5: "high"}


@dataclass(frozen=True)
class Words:
    """Every piece of a row that a language decides and a task does not."""

    priorities: dict[int, str]
    statuses: dict[str, str]
    still: dict[str, str]
    due: str
    overdue: str
    nobody: str
    stranger: str
    comments: str


@cache
def words(language: str | None) -> Words:
    """Return the pieces of rows in the active language; the key is for the cache."""
    priorities = {
        value: mark(name, gettext("Priority: %s") % spoken(Priority(value)))
        for value, name in PRIORITY_NAMES.items()
    }
    statuses = {
        value: f' aria-label="{escape(change_label(str(label)))}"></a>'
        for value, label in Status.choices
    }
    still = {
        value: mark(f"st {value}", gettext("Status: %s") % label)
        for value, label in Status.choices
    }
    nobody = gettext("Nobody assigned")
    return Words(
        priorities=priorities,
        statuses=statuses,
        still=still,
        due=escape(gettext("Due")),
        overdue=escape(gettext("Overdue:")),
        nobody=f'<i class=nobody role=img title="{escape(nobody)}"></i>',
        stranger=gettext("Former member"),
        comments=escape(gettext("Comments")),
    )


def spoken(choice: Priority) -> str:
    return str(choice.label).lower()


def change_label(status: str) -> str:
    """Return what the status link is called; {} is the task's key."""
    return gettext("%(key)s: %(status)s. Change") % {"key": "{}", "status": status}


def mark(classes: str, label: str) -> str:
    """Return a small drawing that the stylesheet holds; a row has no room for SVG."""
    return f'<i class="mark {classes}" role=img title="{escape(label)}"></i>'


def render(
    rows: Iterable[TaskRow],
    names: Mapping[str, str],
    *,
    prefix: str,
    can_edit: bool,
    link: str = "{}/ ",
    marked: str = "",
    picking: bool = False,
) -> SafeString:
    """Return the lines of a list; their links go on from the list's own address.

    `link` is another one, as an attribute's value with {} for the number. Of titles,
    the words that begin as those in `marked` do are marked. Boxes to tick are written
    for browsers without scripts only; elsewhere bulk.js makes them.
    """
    language = get_language()
    said, today = words(language), timezone.localdate().isoformat()
    faces: dict[str, str] = {}
    titled = marker(marked) if marked else escape
    lines = []
    for task in rows:
        key = f"{prefix}-{task.number}"
        for person in task.people:
            if person not in faces:
                faces[person] = face_of(person, names.get(person) or said.stranger)
        people = "".join([faces[person] for person in task.people])
        status = (
            f'<a class="st {task.status}" href={task.number}/status/'
            f"{said.statuses[task.status].format(key)}"
            if can_edit
            else said.still[task.status]
        )
        done = task.status == "done"
        pick = (
            f"<input class=pick type=checkbox name=pick value={task.number}"
            f" form=bulk aria-label={key}>"
            if picking
            else ""
        )
        lines.append(
            f"<li class={DONE if done else 'task'}>{pick}{said.priorities[task.priority]}"
            f"<b>{key}</b>{status}"
            f"<span class=title><a href={link.format(task.number)}>{titled(task.title)}</a>"
            f"{said_about(task.comments, said.comments)}"
            f"{around(task.excerpt, titled)}</span>"
            f"{tags(task.labels)}<span class=avatars>{people or said.nobody}</span>"
            f"{due(task.due_date, today, done, language)}"
        )
    return mark_safe("".join(lines))  # noqa: S308  # every text above is escaped


def marker(words: str) -> Callable[[str], str]:
    """Return what escapes a title and marks the words that were looked for."""
    wanted = sorted(map(re.escape, words.split()), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})", re.IGNORECASE)

    def marks(title: str) -> str:
        parts, at = [], 0
        for found in pattern.finditer(title):
            parts += [
                escape(title[at : found.start()]),
                f"<mark>{escape(found[0])}</mark>",
            ]
            at = found.end()
        return "".join([*parts, escape(title[at:])])

    return marks


def around(excerpt: str, marks: Callable[[str], str]) -> str:
    """Return the stretch of a longer text in which a search found its words."""
    return f"<span class=excerpt>{marks(excerpt)}</span>" if excerpt else ""


def said_about(count: int, label: str) -> str:
    """Return how much is said about a task, if anything is."""
    if not count:
        return ""
    return f'<span class=talk title="{label}">{count}</span>'


def tags(labels: Sequence[tuple[str, str]]) -> str:
    """Return a task's labels; each has the dot of its colour from the stylesheet."""
    if not labels:
        return ""
    parts = [f"<i class={colour}>{escape(name)}</i>" for name, colour in labels]
    return f"<span class=tags>{''.join(parts)}</span>"


def face_of(person: str, name: str) -> str:
    """Return a person's avatar by a name that may know its picture."""
    return face(person, name, getattr(name, "image", ""))


@lru_cache(maxsize=4096)
def face(person: str, name: str, image: str = "") -> str:
    """Return a person's avatar; the hue is a hash of the id, the same everywhere."""
    if image:
        said = escape(name)
        where = address("person", person, image)
        return f'<img class=avatar src="{where}" alt="{said}" title="{said}">'
    hue = hashlib.md5(bytes.fromhex(person.replace("-", "")), usedforsecurity=False)
    return (
        f"<i class=h{hue.digest()[0] % 6 + 1} role=img"
        f' title="{escape(name)}">{escape(initials(name))}</i>'
    )


def initials(name: str) -> str:
    parts = name.split() or ["?"]
    letters = parts[0][0] + parts[-1][0] if len(parts) > 1 else parts[0][:2]
    return letters.upper()


@lru_cache(maxsize=4096)
def due(day: str | None, today: str, done: bool, language: str | None) -> str:
    """Return a due date, marked when it is near or past."""
    if day is None:
        return ""
    said, left = words(language), days_between(today, day)
    late = left < 0 and not done
    near = left < 2 and not done
    marked = '"due late"' if late else '"due soon"' if near else "due"
    return (
        f"<span class={marked}><i>{said.overdue if late else said.due} </i>"
        f"{escape(day_text(day, today))}</span>"
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
