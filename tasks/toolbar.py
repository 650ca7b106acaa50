"""The filters over a list, as menus of links: each is an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tasks.choices import Priority, Status
from tasks.filters import ME, NOBODY, Filters
from tasks.queries import GROUPS

INDENTATION = re.compile(r"\n\s+")


@dataclass(frozen=True)
class Chip:
    """One filter of the toolbar: its menu's links, and what is chosen."""

    name: str
    label: str
    chosen: str
    links: list[tuple[str, str, bool]]


def toolbar(filters: Filters, names: Mapping[str, str]) -> SafeString:
    """Return the toolbar; the one without filters is the same for everybody."""
    if filters.is_empty and not settings.DEBUG:
        return plain(get_language())
    return draw(filters, names)


@cache
def plain(language: str | None) -> SafeString:
    """Return the toolbar of an unfiltered list; the key is for the cache."""
    return draw(Filters(), {})


def draw(filters: Filters, names: Mapping[str, str]) -> SafeString:
    base = reverse("tasks:task_list")
    context = {
        "filters": filters,
        "chips": chips(filters, names),
        "clear": base,
        "without_words": base + filters.address(words="", cursor=None),
        "people_address": reverse("tasks:assignee_list") + filters.address(cursor=None),
    }
    drawn = render_to_string("tasks/toolbar.html", context)
    return mark_safe(INDENTATION.sub("\n", drawn))  # noqa: S308  # a template's answer


def chips(filters: Filters, names: Mapping[str, str]) -> list[Chip]:
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
        chip(filters, "assignee", gettext("Assignee"), assignee, names),
    ]


def chip(
    filters: Filters,
    name: str,
    label: str,
    options: list[tuple[Any, str]],
    names: Mapping[str, str] | None = None,
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
