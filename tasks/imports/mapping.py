"""Which column is read into which field: guessed, then chosen by a person."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from organizations.models import Membership
from organizations.teams.models import Team
from tasks.imports.reading import TABLE, Shape
from tasks.imports.texts import Unreadable
from tasks.imports.values import FIELDS, Choices, Converter, NotUnderstood, bare, called
from tasks.imports.values import due_date as read_day
from tasks.labels.models import MOST, Label

TWO_PARTS: Final = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]")
LEAVE, MAKE, REFUSE = "leave", "make", "refuse"
DAY_FIRST, MONTH_FIRST = "day", "month"
# A mapping as a person finds it first.
DOUBTS: Final[dict[str, Any]] = {
    "people": REFUSE,
    "status": REFUSE,
    "labels": MAKE,
    "team": LEAVE,
    "days": DAY_FIRST,
}
# Other programs give each of them a column of its own.
REPEATED: Final = "labels"


def guessed(headings: list[str]) -> dict[str, int]:
    """Return the column of each field whose heading tells what it holds."""
    words = [bare(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, field in FIELDS.items():
        known = (*field.headings, bare(str(field.label)))
        place = next((words.index(word) for word in known if word in words), None)
        if place is not None and place not in found.values():
            found[name] = place
    return found


def acceptable(shape: Shape) -> None:
    """Raise Unreadable unless columns can be told from each other by their headings."""
    found = guessed(shape.headings)
    if shape.kind == TABLE:
        with_headings(shape, found)
    words = [bare(heading) for heading in shape.headings]
    for name, place in found.items():
        if name != REPEATED and words.count(words[place]) > 1:
            raise Unreadable(
                _("Two columns are called “%(name)s”. Rename one of them.")
                % {"name": shape.headings[place]}
            )


def with_headings(shape: Shape, found: dict[str, int]) -> None:
    """Raise Unreadable unless the first line can be that of headings."""
    if len(shape.headings) == 1 and "title" not in found:
        raise Unreadable(
            _(
                "There is only one column. Columns stand apart by commas, semicolons"
                " or tabs, under a line of headings."
            )
        )
    if not found and any(map(is_value, shape.headings)):
        raise Unreadable(
            _("The first line looks like a task. Write a line of headings above it.")
        )


def is_value(heading: str) -> bool:
    """Return whether no column would be called so: a number, a day, an address."""
    if "@" in heading or heading.replace(".", "").isdigit():
        return True
    try:
        return bool(read_day(heading, Choices()))
    except NotUnderstood:
        return False


def days_in(cells: Iterable[str]) -> str:
    """Return which part of dates like 03/04/2026 comes first, as far as they tell."""
    for cell in cells:
        found = TWO_PARTS.match(cell.strip())
        if found and int(found[2]) > 12 >= int(found[1]):
            return MONTH_FIRST
    return DAY_FIRST


def people() -> dict[str, Any]:
    """Return the organization's people by address, and by name where it is one's own."""
    active = Membership.objects.filter(suspended_at=None).values("user_id")
    rows = User.objects.filter(pk__in=active).values_list("pk", "name", "email")
    found: dict[str, Any] = {}
    for pk, name, _email in rows:
        word = called(name)
        found[word] = None if word in found else pk
    found |= {called(email): pk for pk, _name, email in rows}
    return {word: pk for word, pk in found.items() if word and pk}


def converter(shape: dict[str, Any], mapping: dict[str, Any]) -> Converter:
    """Return what reads a file's lines as a person has chosen."""
    doubts = DOUBTS | mapping
    choices = Choices(
        day_first=doubts["days"] == DAY_FIRST,
        leave_unknown_people=doubts["people"] == LEAVE,
        leave_unknown_status=doubts["status"] == LEAVE,
        make_unknown_labels=doubts["labels"] == MAKE,
        leave_unknown_team=doubts["team"] == LEAVE,
        people=people(),
    )
    return renewed(Converter(mapping["columns"], shape["headings"], choices))


def renewed(reading: Converter) -> Converter:
    """Return what reads lines with the labels and teams that there are now."""
    labels = named(Label) if "labels" in reading.columns else {}
    choices = replace(
        reading.choices,
        labels={word: label.name for word, label in labels.items()},
        room=max(0, MOST - len({label.pk for label in labels.values()})),
        teams=named(Team) if "team" in reading.columns else {},
    )
    return Converter(reading.columns, reading.headings, choices)


def named(model: Any) -> dict[str, Any]:
    """Return rows by their names, and by these in small letters."""
    rows = list(model.objects.all())
    return {row.name.lower(): row for row in rows} | {row.name: row for row in rows}
