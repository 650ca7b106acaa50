"""How a list is cut into groups: by what, in which order, and what each is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext

from tasks.choices import Priority, Status
from tasks.filters import NOBODY, Filters
from tasks.queries import GROUPS, PRIORITIES, TaskRow

PRIORITY_MARKS = {"5": "high", "3": "medium", "1": "low"}


@dataclass(frozen=True)
class Grouping:
    """One way to cut a list; without keys the rows themselves say which there are."""

    keys: tuple[str, ...]
    key_of: Callable[[TaskRow], str]
    filter: str

    def narrowed(self, filters: Filters, key: str) -> dict[str, Any]:
        """Return the filter that leaves only one group, as an address has it."""
        if not self.filter or not key:
            return {}
        return {self.filter: int(key) if self.filter == "priority" else key}

    def keys_shown(self, filters: Filters, found: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the groups in their order; one that is filtered for stands alone."""
        chosen = getattr(filters, self.filter) if self.filter else ""
        if chosen and self.filter != "assignee":
            return (str(chosen),)
        return self.keys or tuple(found)


GROUPINGS: dict[str, Grouping] = {
    "": Grouping(GROUPS, lambda row: row.status, "status"),
    "priority": Grouping(PRIORITIES, lambda row: str(row.priority), "priority"),
    "assignee": Grouping(
        (), lambda row: row.people[0] if row.people else NOBODY, "assignee"
    ),
    "none": Grouping((), lambda row: "", ""),
}


def label_of(group: str, key: str, names: Mapping[str, str]) -> str:
    """Return what a group is called."""
    if group == "":
        return str(Status(key).label)
    if group == "priority":
        return str(Priority(int(key)).label)
    if group == "assignee":
        if key == NOBODY:
            return gettext("Nobody")
        return names.get(key) or gettext("Former member")
    return gettext("All tasks")


def mark_of(group: str, key: str) -> str:
    """Return the small drawing before a group's name."""
    if group == "":
        return f'<i class="mark {escape(key)}"></i>'
    if group == "priority":
        return f'<i class="mark prio {PRIORITY_MARKS[key]}"></i>'
    return ""
