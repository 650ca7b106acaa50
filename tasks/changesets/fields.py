"""The fields of a task that a change-set can set, compare and take back.

A new field is one entry here: a column of the task's own table, or a table of links.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.changesets import words

Show = Callable[[Any, Mapping[str, str]], str]


@dataclass(frozen=True)
class Column:
    """A column of the task: its type, and what goes along unseen when it changes."""

    name: str
    label: str | Promise
    kind: str
    show: Show
    along: tuple[str, ...] = ()
    # What is kept to compare with, where the value itself would be too long.
    now: str = ""

    @property
    def present(self) -> str:
        """SQL for the value of task `t` as it is now."""
        return self.now or f"t.{self.name}"

    def given(self) -> str:
        """SQL for the value to set, handed over as a parameter."""
        return f"%({self.name})s::{self.kind}"


@dataclass(frozen=True)
class Links:
    """Rows that link the task with others: their table and column, and which of the
    others there still are."""

    name: str
    label: str | Promise
    show: Show
    table: str
    column: str
    among: str
    among_column: str

    @property
    def present(self) -> str:
        """SQL for the ids that task `t` is linked with now, in an order of their own."""
        ids = f"coalesce(jsonb_agg(l.{self.column} ORDER BY l.{self.column}), '[]')"
        return (
            f"(SELECT {ids} FROM {self.table} l"  # noqa: S608  # names of our own
            " WHERE l.organization_id = t.organization_id AND l.task_id = t.id)"
        )

    def given(self) -> str:
        """SQL for the ids to link with, handed over as a parameter."""
        return f"to_jsonb(%({self.name})s::uuid[])"


Field = Column | Links

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        Column("title", _("Title"), "text", words.text),
        Column(
            "description",
            _("Description"),
            "text",
            words.unsaid,
            now="md5(t.description)",
        ),
        Column("status", _("Status"), "text", words.status, along=("completed_at",)),
        Column("priority", _("Priority"), "smallint", words.priority),
        Column("due_date", _("Due date"), "date", words.day),
        Links(
            "assignees",
            _("Assignees"),
            words.people,
            "tasks_taskassignee",
            "user_id",
            "organizations_membership",
            "user_id",
        ),
        Column("deleted_at", _("Trash"), "timestamptz", words.place),
    )
}
# Written back with the field that they belong to, never compared and never shown.
ALONG: Final = {"completed_at": "timestamptz"}
LINKS: Final = tuple(field for field in FIELDS.values() if isinstance(field, Links))
COLUMNS: Final[dict[str, str]] = {
    field.name: field.kind
    for field in FIELDS.values()
    if isinstance(field, Column) and not field.now
} | ALONG


def present(names: Iterable[str]) -> str:
    """Return SQL for some fields of task `t` as one JSON object."""
    pairs = (f"'{name}', {FIELDS[name].present}" for name in names)
    return f"jsonb_build_object({', '.join(pairs)})"


def given(values: Iterable[str]) -> str:
    """Return SQL for the values to set as one JSON object, what goes along included."""
    pairs = [f"'{name}', {FIELDS[name].given()}" for name in values]
    if "status" in values:
        finished = "CASE WHEN %(status)s::text = 'done' THEN now() END"
        pairs.append(f"'completed_at', {finished}")
    return f"jsonb_build_object({', '.join(pairs)})"


def along(before: str) -> str:
    """Return SQL that adds to the old values of task `t` what goes along with them."""
    parts = [
        f"CASE WHEN {before} ? '{field.name}'"
        f" THEN jsonb_build_object('{name}', t.{name}) ELSE '{{}}' END"
        for field in FIELDS.values()
        for name in getattr(field, "along", ())
    ]
    return " || ".join([before, *parts])


def told(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that history tells of."""
    return {
        name: value
        for name, value in values.items()
        if name in FIELDS and name != "deleted_at"
    }
