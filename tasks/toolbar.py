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
CHOICES = {
    "assignee": "tasks:assignee_list",
    "label": "tasks:label_choices",
    "team": "tasks:team_choices",
}
INDENTATION = re.compile(r"\n\s+")


@dataclass(frozen=True)
class Chip:
    """One filter of the toolbar: its menu's links, and what is chosen."""

    name: str
    label: str
    chosen: str
    links: list[tuple[str, str, bool]]
    more: str = ""


def toolbar(
    filters: Filters, names: Mapping[str, str], view: str = "list"
) -> SafeString:
    """Return the toolbar; but for the words searched it is the same for everybody."""
    named = filters.assignee not in ("", ME, NOBODY)
    if settings.DEBUG or named or filters.label or filters.team:
        return draw(filters, names, view)
    slot = WORDS_SLOT if filters.words else ""
    drawn = shared(get_language(), replace(filters, words=slot, cursor=None), view)
    if slot:
        drawn = drawn.replace(f"q={slot}", f"q={quote_plus(filters.words)}")
        drawn = drawn.replace(slot, escape(filters.words))
    return mark_safe(drawn)  # noqa: S308  # the words are escaped


@cache
def shared(language: str | None, filters: Filters, view: str) -> str:
    """Return a toolbar without anybody's words; the language is for the cache."""
    return str(draw(filters, {}, view))


def view_switch(filters: Filters, view: str) -> SafeString:
    """Return the links between the two views of what the filters ask for."""
    query = "" if filters.is_empty else filters.address(cursor=None)
    drawn = shared_switch(get_language(), view).replace(WORDS_SLOT, escape(query))
    return mark_safe(drawn)  # noqa: S308  # the query is escaped


@cache
def shared_switch(language: str | None, view: str) -> str:
    """Return the switch with a mark for the filters; the language is for the cache."""
    context = {"view": view, "query": WORDS_SLOT}
    return without_indentation(render_to_string("tasks/view_switch.html", context))


def without_indentation(drawn: str) -> str:
    return INDENTATION.sub("\n", drawn)


def draw(filters: Filters, names: Mapping[str, str], view: str) -> SafeString:
    base = reverse(f"tasks:task_{view}")
    context = {
        "view": view,
        "filters": filters,
        "chips": [ahead(one, filters, view) for one in chips(filters, names)],
        "display": display(filters) if view == "list" and not filters.words else [],
        "clear": base,
        "without_words": base + filters.address(words="", cursor=None),
    }
    drawn = without_indentation(render_to_string("tasks/toolbar.html", context))
    return mark_safe(drawn)  # noqa: S308  # a template's answer


def ahead(one: Chip, filters: Filters, view: str) -> Chip:
    """Return a chip with the way to choices that no toolbar could list."""
    if one.name not in CHOICES:
        return one
    query = filters.address(cursor=None) + (f"&view={view}" if view != "list" else "")
    return replace(one, more=reverse(CHOICES[one.name]) + query)


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
        chip(filters, "label", gettext("Label"), [("", gettext("Any"))], names),
        chip(filters, "team", gettext("Team"), [("", gettext("Any"))], names),
    ]


def display(filters: Filters) -> list[Chip]:
    """Return how the list is cut and sorted, as menus of links."""
    groups = [
        ("", gettext("Status")),
        ("priority", gettext("Priority")),
        ("assignee", gettext("Assignee")),
        ("none", gettext("Nothing")),
    ]
    sorts = [
        ("", gettext("Newest")),
        ("due", gettext("Due date")),
        ("priority", gettext("Priority")),
    ]
    return [
        chip(filters, "group", gettext("Group"), groups),
        chip(filters, "sort", gettext("Sort"), sorts),
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
        chosen = (names or {}).get(value) or gettext("Another")
    links = [
        (filters.address(**{name: option, "cursor": None}), text, option == value)
        for option, text in options
    ]
    return Chip(name, label, chosen, links)
