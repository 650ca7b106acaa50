"""The filters over a list, as menus of links: each is an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tasks.choices import Priority, Status
from tasks.filters import ME, NOBODY, Filters
from tasks.queries import GROUPS

# Stands for the words while a toolbar is drawn for everybody: no address and no
# markup changes a letter of it.
WORDS_SLOT = "thewordssearched"
INDENTATION = re.compile(r"\n\s+")


@dataclass(frozen=True)
class Chip:
    """One filter of the toolbar: its menu's links, and what is chosen."""

    name: str
    label: str
    chosen: str
    links: list[tuple[str, str, bool]]


def toolbar(filters: Filters, names: Mapping[str, str]) -> SafeString:
    """Return the toolbar; but for the words searched it is the same for everybody."""
    if settings.DEBUG or filters.assignee not in ("", ME, NOBODY):
        return draw(filters, names)
    slot = WORDS_SLOT if filters.words else ""
    drawn = shared(get_language(), replace(filters, words=slot, cursor=None))
    if slot:
        drawn = drawn.replace(f"q={slot}", f"q={quote_plus(filters.words)}")
        drawn = drawn.replace(slot, escape(filters.words))
    return mark_safe(drawn)  # noqa: S308  # the words are escaped


@cache
def shared(language: str | None, filters: Filters) -> str:
    """Return a toolbar without anybody's words; the language is for the cache."""
    return str(draw(filters, {}))


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
