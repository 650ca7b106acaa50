"""Hot reads as SQL: one statement per page, its rows typed.

Every statement names the organization itself, beside the policy: the planner then
knows how many rows to expect, and without an active organization nothing runs.
docs/adr/0008-hot-reads.md says what this is worth.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from organizations.tenancy.context import NoTenant, required_organization
from organizations.tenancy.replica import reading
from tasks.filters import BEST, NOBODY, Cursor, Filters
from tasks.people import names_of
from tasks.search import DESCRIBED, SAID, asked

PAGE = 50
# Counting stops here: nobody reads "48,923", and counting it would cost the page.
COUNT_CAP = 1_000
# The order of the groups: what is in hand comes first.
GROUPS = ("in_progress", "in_review", "todo", "backlog", "done")


class TaskRow(NamedTuple):
    """What one line of a list shows."""

    id: str
    number: int
    title: str
    status: str
    priority: int
    due_date: str | None
    created_at: str
    comments: int
    people: list[str]
    labels: Sequence[tuple[str, str]] = ()
    # Of a search: how well it fits (tasks.search), and what stands around the words.
    tier: int = 0
    excerpt: str = ""


class Listing(NamedTuple):
    """One page, newest first; counts by status; names of the people on it."""

    rows: list[TaskRow]
    counts: dict[str, int]
    names: Mapping[str, str]
    more: bool


COLUMNS = (
    "t.id, t.number, t.title, t.status, t.priority, t.due_date, t.created_at,"
    " t.comment_count"
)
OURS = "t.organization_id = %(organization)s AND t.deleted_at IS NULL"

# JSON, because one value is cheaper to hand over than fifty rows of eight.
ANSWER = """,
doers AS MATERIALIZED (
  SELECT a.task_id, a.user_id, a.id FROM tasks_taskassignee a
  WHERE a.organization_id = %(organization)s
    AND a.task_id = ANY (ARRAY(SELECT id FROM page))
)
SELECT
  (SELECT json_agg(json_build_array(id, number, title, status, priority, due_date,
     created_at, comment_count{extra}) ORDER BY {order}) FROM page)::text,
  (SELECT json_build_array(
     (SELECT json_agg(json_build_array(task_id, user_id) ORDER BY id) FROM doers),
     (SELECT json_agg(json_build_array(m.task_id, l.name, l.colour) ORDER BY l.name)
      FROM labels_tasklabel m JOIN labels_label l
        ON l.organization_id = m.organization_id AND l.id = m.label_id
      WHERE m.organization_id = %(organization)s
        AND m.task_id = ANY (ARRAY(SELECT id FROM page)))))::text,
  {counts}"""

NEWEST_FIRST = "created_at DESC, id DESC"
PRIORITIES = ("5", "3", "1")
# By what the rows of a page are sorted, and what comes after one; each has its index.
SORTS = {
    "": (NEWEST_FIRST, "(t.created_at, t.id) < (%(before)s, %(before_id)s)"),
    "due": (
        "coalesce(due_date, 'infinity'::date), id",
        "(coalesce(t.due_date, 'infinity'::date), t.id)"
        " > (%(before)s::date, %(before_id)s)",
    ),
    "priority": (
        "priority DESC, id DESC",
        "(t.priority, t.id) < (%(before)s, %(before_id)s)",
    ),
}
# What stands in the place of a group's key.
GROUP_FILTER = {"": "status", "priority": "priority"}
GROUPED = {"": "t.status = s.value", "priority": "t.priority = s.value::integer"}
NEWEST = """
WITH page AS MATERIALIZED (
  SELECT {columns} FROM tasks_task t WHERE {ours}{conditions}
  ORDER BY {order} LIMIT {more}
)"""
COUNTS = """
  (SELECT json_object_agg(s.value, (SELECT count(*) FROM (
     SELECT FROM tasks_task t
     WHERE {ours} AND {grouped}{conditions} LIMIT {cap}) c))
   FROM unnest(%(groups)s::text[]) AS s (value))::text"""

BEST_FIRST = "tier, " + NEWEST_FIRST
FOUND = """
WITH page AS MATERIALIZED (
  SELECT {columns}, f.tier, CASE f.tier
    WHEN {described} THEN substring(t.description from %(near)s)
    WHEN {said} THEN (SELECT substring(c.body from %(near)s) FROM comments_comment c
      WHERE c.organization_id = %(organization)s AND c.task_id = t.id
        AND c.deleted_at IS NULL AND c.search @@ to_tsquery('simple', %(words)s)
      ORDER BY c.created_at DESC, c.id DESC LIMIT 1) END AS excerpt
  FROM app.search_tasks(
    to_tsquery('simple', %(words)s), to_tsquery('simple', %(titled)s), %(prefix)s,
    %(number)s, {more}, %(status)s, %(priority)s, %(user)s, %(nobody)s,
    %(label)s::uuid, %(team)s::uuid, %(before_tier)s, %(before)s::timestamptz,
    %(before_id)s::uuid) AS f
  JOIN tasks_task t ON t.id = f.found WHERE {ours}
)"""

ONE = """
WITH page AS MATERIALIZED (
  SELECT {columns} FROM tasks_task t WHERE {ours} AND t.id = %(task)s
)"""

# The row is locked, read and written in one go: its history needs what stood there.
MOVE = """
WITH page AS MATERIALIZED (
  SELECT {columns} FROM tasks_task t WHERE {ours} AND t.id = %(task)s FOR UPDATE
),
moved AS (
  UPDATE tasks_task t SET status = %(status)s,
    completed_at = CASE WHEN %(status)s = 'done' THEN now() END,
    rank = -extract(epoch FROM clock_timestamp()) * 1000000
  FROM page p
  WHERE t.organization_id = %(organization)s AND t.id = p.id
    AND p.status <> %(status)s
)"""

# Planning these cost as much as answering them. A function keeps its plan for as long
# as the connection lasts; it runs with the caller's rights, so under the policies.
FUNCTIONS = {
    "newest_tasks": {"organization": "uuid", "groups": "text[]"},
    "one_task": {"organization": "uuid", "task": "uuid"},
    "move_task": {"organization": "uuid", "task": "uuid", "status": "text"},
}
FUNCTION = """
CREATE OR REPLACE FUNCTION app.{name}({arguments},
  OUT _rows text, OUT _doers text, OUT _counts text)
LANGUAGE plpgsql AS $f$
BEGIN {body} INTO _rows, _doers, _counts; END $f$"""

CONDITIONS = {
    "status": " AND t.status = %(status)s",
    "priority": " AND t.priority = %(priority)s",
    "user": " AND t.id IN (SELECT a.task_id FROM tasks_taskassignee a"
    " WHERE a.organization_id = %(organization)s AND a.user_id = %(user)s)",
    "nobody": " AND NOT EXISTS (SELECT FROM tasks_taskassignee a"
    " WHERE a.organization_id = %(organization)s AND a.task_id = t.id)",
    "label": " AND t.id IN (SELECT m.task_id FROM labels_tasklabel m"
    " WHERE m.organization_id = %(organization)s AND m.label_id = %(label)s)",
    "team": " AND t.team_id = %(team)s",
    "before": "",
}


def task_list(filters: Filters, me: UUID | None) -> Listing:
    """Return a page of the active organization's tasks."""
    values = conditions(filters, me)
    if filters.words:
        return listing(found_sql(), values)
    chosen = tuple(name for name in CONDITIONS if values[name])
    if not chosen and not filters.sort and not filters.group:
        return listing(call("newest_tasks"), values)
    return listing(newest_sql(chosen, filters.sort, filters.group), values)


def conditions(filters: Filters, me: UUID | None) -> dict[str, Any]:
    """Return what the statements of lists and boards are asked with."""
    values = {
        "organization": active_organization(),
        "groups": keys_of(filters),
        "status": filters.status or None,
        "priority": filters.priority,
        "user": filters.user_id(me),
        "nobody": filters.assignee == NOBODY,
        "label": filters.label or None,
        "team": filters.team or None,
        **place_of(filters.cursor, filters.order),
    }
    return values | asked(filters.words) if filters.words else values


def task_row(task_id: UUID) -> Listing:
    """Return one task as its line in a list, or an empty page."""
    values = {"organization": active_organization(), "task": task_id}
    return listing(call("one_task"), values)


def set_status(task_id: UUID, status: str) -> Listing:
    """Write a task's status and return the line it had before, or an empty page."""
    values = {
        "organization": active_organization(),
        "task": task_id,
        "status": status,
    }
    return listing(call("move_task"), values)


def active_organization() -> UUID:
    """Return the organization a page is of; staff must have entered one too."""
    organization_id = required_organization()
    if organization_id is None:
        raise NoTenant("a page of tasks belongs to one organization")
    return organization_id


def keys_of(filters: Filters) -> list[str]:
    """Return the groups that are counted."""
    if filters.group == "priority":
        return [str(filters.priority)] if filters.priority else list(PRIORITIES)
    return [filters.status] if filters.status else list(GROUPS)


def place_of(cursor: Cursor | None, order: str) -> dict[str, Any]:
    if cursor is None:
        return {"before_tier": 0, "before": None, "before_id": None}
    place = cursor.place(order)
    tier, place = place if order == BEST else (0, place)
    return {"before_tier": tier, "before": place, "before_id": cursor.id}


def listing(sql: str, values: dict[str, Any], most: int = PAGE) -> Listing:
    """Run a statement and give its JSON columns their types."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(sql, values)
        rows, doers, counts = cursor.fetchone()
    asked = (str(values["user"]),) if values.get("user") else ()
    return read(rows, doers, counts, values["organization"], asked, most)


def read(
    rows: str | None,
    doers: str | None,
    counts: str | None,
    organization_id: UUID,
    asked: tuple[str, ...],
    most: int = PAGE,
) -> Listing:
    """Return an answer's columns as rows; `asked` are further people to name."""
    people: dict[str, list[str]] = {}
    labels: dict[str, list[tuple[str, str]]] = {}
    pairs, marks = json.loads(doers) if doers else (None, None)
    for task_id, user_id in pairs or ():
        people.setdefault(task_id, []).append(user_id)
    for task_id, name, colour in marks or ():
        labels.setdefault(task_id, []).append((name, colour))
    found = [
        TaskRow(*row[:8], people.get(row[0], []), labels.get(row[0], ()), *row[8:])  # type: ignore[call-arg]
        for row in (json.loads(rows) if rows else ())
    ]
    wanted = {each for doers in people.values() for each in doers} | set(asked)
    return Listing(
        found[:most],
        json.loads(counts) if counts else {},
        names_of(organization_id, wanted),
        len(found) > most,
    )


@cache
def newest_sql(chosen: tuple[str, ...], sort: str = "", group: str = "") -> str:
    """Return the statement of a page; `chosen` are the conditions that are set."""
    order, after = SORTS[sort]
    told = CONDITIONS | {"before": f" AND {after}"}
    lasting = [
        name for name in chosen if name not in ("before", GROUP_FILTER.get(group))
    ]
    page = NEWEST.format(
        columns=COLUMNS,
        ours=OURS,
        conditions="".join(told[name] for name in chosen),
        order=qualified(order),
        more=PAGE + 1,
    )
    counts = COUNTS.format(
        ours=OURS,
        grouped=GROUPED.get(group, ""),
        conditions="".join(told[name] for name in lasting),
        cap=COUNT_CAP + 1,
    )
    # A later page is put under the first, which has told the counts.
    counted = "before" not in chosen and group in GROUPED
    return page + ANSWER.format(
        counts=counts if counted else "NULL", order=order, extra=""
    )


def qualified(order: str) -> str:
    """Return an order by the columns of the tasks' own table."""
    for column in ("created_at", "due_date", "priority", "id"):
        order = re.sub(rf"\b{column}\b", f"t.{column}", order)
    return order


@cache
def found_sql() -> str:
    page = FOUND.format(
        columns=COLUMNS, ours=OURS, more=PAGE + 1, described=DESCRIBED, said=SAID
    )
    extra = ", tier, coalesce(excerpt, '')"
    return page + ANSWER.format(counts="NULL", order=BEST_FIRST, extra=extra)


@cache
def one_sql() -> str:
    return ONE.format(columns=COLUMNS, ours=OURS) + ANSWER.format(
        counts="NULL", order=NEWEST_FIRST, extra=""
    )


@cache
def move_sql() -> str:
    return MOVE.format(columns=COLUMNS, ours=OURS) + ANSWER.format(
        counts="NULL", order=NEWEST_FIRST, extra=""
    )


def statements() -> Iterator[str]:
    """Yield the statements that make the functions."""
    bodies = {
        "newest_tasks": newest_sql(()),
        "one_task": one_sql(),
        "move_task": move_sql(),
    }
    for name, arguments in FUNCTIONS.items():
        yield FUNCTION.format(
            name=name,
            arguments=", ".join(f"_{key} {kind}" for key, kind in arguments.items()),
            body=bodies[name] % {key: f"_{key}" for key in arguments},
        )


@cache
def call(name: str) -> str:
    """Return the statement that asks one of the functions."""
    arguments = ", ".join(f"%({key})s" for key in FUNCTIONS[name])
    return f"SELECT * FROM app.{name}({arguments})"  # noqa: S608  # names of our own
