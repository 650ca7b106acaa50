"""How the values of a change are shown to people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from tasks.choices import Priority, Status

Names = Mapping[str, str]


def text(value: Any, names: Names) -> str:
    return str(value)


def unsaid(value: Any, names: Names) -> str:
    """Too long to show; that it is another one is all there is to say."""
    return "…"


def status(value: Any, names: Names) -> str:
    return str(Status(value).label) if value in Status.values else str(value)


def priority(value: Any, names: Names) -> str:
    return str(Priority(value).label) if value in Priority.values else str(value)


def day(value: Any, names: Names) -> str:
    if not value:
        return gettext("None")
    return date_format(date.fromisoformat(value), "j M Y")


def people(value: Any, names: Names) -> str:
    if not value:
        return gettext("Nobody")
    return ", ".join(names.get(one) or gettext("Former member") for one in value)


def labels(value: Any, names: Names) -> str:
    if not value:
        return gettext("None")
    found = sorted(names[one] for one in value if one in names)
    gone = [gettext("Deleted label")] * (len(value) - len(found))
    return ", ".join(found + gone)


def team(value: Any, names: Names) -> str:
    if not value:
        return gettext("No team")
    return names.get(value) or gettext("Deleted team")


def place(value: Any, names: Names) -> str:
    return gettext("In the trash") if value else gettext("On the board")
