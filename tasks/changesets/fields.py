"""The fields of a task that a change-set can set, compare and take back.

A new field is one entry here: a column of the task's own table, or a table of links.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.changesets import words

# Rows of the organization that a value can name.
OURS = "SELECT m.{column} FROM {table} m WHERE m.organization_id = %(organization)s"

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
    # The column, where it is called otherwise.
    column: str = ""
    # The table of what is named; what is not there any more is none.
    among: str = ""

    @property
    def at(self) -> str:
        """The column of the tasks' table."""
        return self.column or self.name

    @property
    def present(self) -> str:
        """SQL for the value of task `t` as it is now."""
        return self.now or f"t.{self.at}"

    def given(self) -> str:
        """SQL for the value to set, handed over as a parameter."""
        return self.there(f"%({self.name})s::{self.kind}")

    def there(self, value: str) -> str:
        """SQL for a value that is still there to be named."""
        if not self.among:
            return value
        return f"({OURS.format(column='id', table=self.among)} AND m.id = {value})"


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
        return f"to_jsonb(ARRAY({self.asked(self.name)} ORDER BY 1))"

    def asked(self, parameter: str) -> str:
        """SQL for those of the ids handed over that there still are."""
        ours = OURS.format(column=self.among_column, table=self.among)
        return f"{ours} AND m.{self.among_column} = ANY (%({parameter})s::uuid[])"


@dataclass(frozen=True)
class Added:
    """Links to set beside those that each task has."""

    name: str
    label: str | Promise
    show: Show
    to: Links

    def given(self) -> str:
        """SQL for all that task `t` is linked with then, in the order of `present`."""
        links = self.to
        had = (
            f"SELECT l.{links.column} FROM {links.table} l"  # noqa: S608
            " WHERE l.organization_id = t.organization_id AND l.task_id = t.id"
        )
        return f"to_jsonb(ARRAY({had} UNION {links.asked(self.name)} ORDER BY 1))"


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
        Links(
            "labels",
            _("Labels"),
            words.labels,
            "labels_tasklabel",
            "label_id",
            "labels_label",
            "id",
        ),
        Column(
            "team",
            _("Team"),
            "uuid",
            words.team,
            column="team_id",
            among="teams_team",
        ),
        Column("deleted_at", _("Trash"), "timestamptz", words.place),
    )
}
LINKS: Final = {
    field.name: field for field in FIELDS.values() if isinstance(field, Links)
}
# What can be asked for besides: it ends in the field that it adds to.
ADDED: Final[dict[str, Added]] = {
    field.name: field
    for field in (
        Added("added_labels", _("Labels added"), words.labels, LINKS["labels"]),
    )
}
ASKED: Final[dict[str, Field | Added]] = FIELDS | ADDED
# Written back with the field that they belong to, never compared and never shown.
ALONG: Final = {
    "completed_at": Column("completed_at", "", "timestamptz", words.unsaid),
}
COLUMNS: Final[dict[str, Column]] = {
    field.name: field
    for field in FIELDS.values()
    if isinstance(field, Column) and not field.now
} | ALONG


def changed(changes: Iterable[str]) -> tuple[str, ...]:
    """Return the fields in which what was asked for ends."""
    return tuple(ADDED[name].to.name if name in ADDED else name for name in changes)


def present(names: Iterable[str]) -> str:
    """Return SQL for some fields of task `t` as one JSON object."""
    pairs = (f"'{name}', {FIELDS[name].present}" for name in names)
    return f"jsonb_build_object({', '.join(pairs)})"


def given(values: Iterable[str]) -> str:
    """Return SQL for the values to set as one JSON object, what goes along included."""
    names = list(values)
    pairs = [
        f"'{field}', {ASKED[name].given()}"
        for name, field in zip(names, changed(names), strict=True)
    ]
    if "status" in names:
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


def told(values: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that history tells of, in the words in which it does."""
    found = {
        name: value
        for name, value in values.items()
        if name in FIELDS and name != "deleted_at"
    }
    if "labels" in found:
        found["labels"] = sorted(names[one] for one in found["labels"] if one in names)
    if "team" in found:
        found["team"] = names.get(found["team"])
    return found
