"""The statements of a change-set, written by hand: one each for however many tasks.

Every one names the organization itself, beside the policy, like those of the lists.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from organizations.limits.counting import within_limits
from organizations.tenancy.functions import of_definer
from tasks.changesets.fields import (
    COLUMNS,
    FIELDS,
    LINKS,
    Column,
    Links,
    along,
    changed,
    given,
    present,
)
from tasks.changesets.models import DAYS_KEPT, DAYS_UNDOABLE, Kind
from tasks.queries import active_organization

# The server has no generator of time-ordered ids: the moment goes over a random one.
NEW_ID: Final = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"""
# An imported task is compared by everything that a person can change.
CREATED: Final = tuple(FIELDS)

INTO: Final = """
INSERT INTO changesets_changesetitem
  (id, organization_id, change_set_id, task_id, before, after)"""
OURS: Final = "t.organization_id = %(organization)s AND t.id = ANY (%(tasks)s)"

KEEP: Final = """{into}
SELECT {new_id}, %(organization)s, %(change_set)s, t.id, %(before)s::jsonb, {present}
FROM tasks_task t WHERE {ours}"""

# A task that has all the values already is no part of the change.
NOTE: Final = """{into}
SELECT {new_id}, %(organization)s, %(change_set)s, t.id, {before}, d.after
FROM tasks_task t
CROSS JOIN LATERAL (SELECT {present} AS now, {given} AS wanted) v
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(e.key, e.value) AS before FROM jsonb_each(v.now) e
  WHERE e.value <> v.wanted -> e.key) c
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(w.key, w.value) AS after FROM jsonb_each(v.wanted) w
  WHERE c.before ? w.key OR NOT v.now ? w.key AND c.before ? 'status') d
WHERE {ours} AND t.deleted_at IS NULL AND c.before IS NOT NULL"""

COMPARE: Final = """
UPDATE changesets_changesetitem i SET kept = d.kept FROM (
  SELECT o.id, coalesce((
    SELECT jsonb_object_agg(a.key, n.now -> a.key) FROM jsonb_each(o.after) a
    WHERE n.now ? a.key AND n.now -> a.key <> a.value), '{{}}') AS kept
  FROM changesets_changesetitem o
  JOIN tasks_task t ON t.organization_id = o.organization_id AND t.id = o.task_id
  CROSS JOIN LATERAL (SELECT {present} AS now) n
  WHERE o.organization_id = %(organization)s AND o.change_set_id = %(change_set)s
    AND o.task_id = ANY (%(tasks)s)) d
WHERE i.organization_id = %(organization)s AND i.id = d.id"""

# What is to stand in each task: while it is done, while it is undone, and while an
# import is undone, whose untouched tasks go to the trash.
ITEMS: Final = """
SELECT o.task_id, {wanted} AS wanted FROM changesets_changesetitem o
WHERE o.organization_id = %(organization)s AND o.change_set_id = %(change_set)s
  AND o.task_id = ANY (%(tasks)s)"""
DO: Final = "o.after"
TAKE_BACK: Final = """o.before - ARRAY(SELECT jsonb_object_keys(o.kept))
  - CASE WHEN o.kept ? 'status' THEN 'completed_at' ELSE '' END"""
THROW_AWAY: Final = """CASE WHEN o.kept = '{}'
  THEN jsonb_build_object('deleted_at', now()) ELSE '{}' END"""

WRITE: Final = """
UPDATE tasks_task t SET {columns} FROM ({items}) i
WHERE t.organization_id = %(organization)s AND t.id = i.task_id
  AND i.wanted ?| %(columns)s::text[]"""
COLUMN: Final = (
    "{column} = CASE WHEN i.wanted ? '{name}' THEN {value} ELSE t.{column} END"
)
UNLINK: Final = """
DELETE FROM {table} l USING ({items}) i
WHERE l.organization_id = %(organization)s AND l.task_id = i.task_id
  AND i.wanted ? '{name}' AND NOT i.wanted -> '{name}' ? l.{column}::text"""
LINK: Final = """
INSERT INTO {table} (id, organization_id, task_id, {column})
SELECT {new_id}, %(organization)s, i.task_id, m.{among_column}
FROM ({items}) i
CROSS JOIN LATERAL jsonb_array_elements_text(i.wanted -> '{name}') w
JOIN {among} m ON m.organization_id = %(organization)s AND m.{among_column} = w::uuid
WHERE i.wanted ? '{name}'
ON CONFLICT DO NOTHING"""

# Across organizations it tells nothing but that there is something to do in one.
OLD_TRASH: Final = """
CREATE OR REPLACE FUNCTION app.organization_with_old_trash() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN (SELECT t.organization_id FROM public.tasks_task t
  WHERE t.deleted_at <= now() - interval '{days} days' LIMIT 1); END $f$"""
# A day later than they can be undone: what was begun in time has ended by then.
OLD_CHANGES: Final = """
CREATE OR REPLACE FUNCTION app.organization_with_old_changes() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN (SELECT c.organization_id FROM public.changesets_changeset c
  WHERE c.created_at <= now() - interval '{days} days' LIMIT 1); END $f$"""


class Slice:
    """Some tasks of one change-set, on which its statements work."""

    def __init__(self, change_set: Any, tasks: Sequence[UUID]) -> None:
        self.change_set = change_set
        self.values = {"change_set": change_set.pk, "tasks": list(tasks)}

    def keep(self, fields: Iterable[str] = CREATED, before: str = "{}") -> int:
        """Write an item for each task as it is now; return how many there are."""
        sql = KEEP.format(into=INTO, new_id=NEW_ID, present=present(fields), ours=OURS)
        return run(sql, self.values | {"before": before})

    def note(self, wanted: dict[str, Any]) -> int:
        """Write an item for each task that is not yet so; return how many there are."""
        sql = NOTE.format(
            into=INTO,
            new_id=NEW_ID,
            before=along("c.before"),
            present=present(changed(wanted)),
            given=given(wanted),
            ours=OURS,
        )
        return run(sql, self.values | wanted)

    def apply(self) -> None:
        """Write into the tasks what their items say."""
        self._write(DO, self._fields())

    def compare(self) -> None:
        """Write into the items what stands in their tasks instead of what was set."""
        imported = self.change_set.kind == Kind.IMPORT
        fields = CREATED if imported else self._fields()
        run(COMPARE.format(present=present(fields)), self.values)

    def take_back(self) -> None:
        """Write into the tasks what stood there before, where nobody changed it."""
        if self.change_set.kind == Kind.IMPORT:
            return self._write(THROW_AWAY, ("deleted_at",))
        return self._write(TAKE_BACK, self._fields())

    def _fields(self) -> tuple[str, ...]:
        return changed(self.change_set.changes) or ("deleted_at",)

    def _write(self, wanted: str, names: Iterable[str]) -> None:
        items = ITEMS.format(wanted=wanted)
        columns = columns_of(names)
        if columns:
            with within_limits():
                run(write_sql(columns, items), self.values | {"columns": columns})
        for field in LINKS.values():
            if field.name in names:
                for sql in (UNLINK, LINK):
                    run(link_sql(sql, field, items), self.values)


def columns_of(names: Iterable[str]) -> list[str]:
    """Return the columns that some fields are written into."""
    found = [name for name in names if name in COLUMNS]
    return found + [one for name in found for one in COLUMNS[name].along]


def write_sql(columns: Iterable[str], items: str) -> str:
    """Return the one UPDATE of the tasks' own columns."""
    parts = ", ".join(assignment(COLUMNS[name]) for name in columns)
    return WRITE.format(columns=parts, items=items)


def assignment(field: Column) -> str:
    """Return what sets one column of the tasks that are to have another value."""
    value = field.there(f"(i.wanted ->> '{field.name}')::{field.kind}")
    return COLUMN.format(column=field.at, name=field.name, value=value)


def link_sql(sql: str, field: Links, items: str) -> str:
    """Return a statement that takes links away or adds them."""
    return sql.format(
        table=field.table,
        column=field.column,
        name=field.name,
        among=field.among,
        among_column=field.among_column,
        items=items,
        new_id=NEW_ID,
    )


def run(sql: str, values: Mapping[str, Any]) -> int:
    """Run a statement inside the active organization; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": active_organization(), **values})
        return cursor.rowcount


def organization_with_old_trash() -> UUID | None:
    """Return some organization whose trash holds what nobody can restore any more."""
    return answer("SELECT app.organization_with_old_trash()")


def organization_with_old_changes() -> UUID | None:
    """Return some organization that keeps changes which nobody can undo any more."""
    return answer("SELECT app.organization_with_old_changes()")


def answer(sql: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def statements() -> Iterator[str]:
    """Yield what makes the functions."""
    text = OLD_TRASH.format(days=DAYS_UNDOABLE)
    yield from of_definer("organization_with_old_trash()", text)
    text = OLD_CHANGES.format(days=DAYS_KEPT)
    yield from of_definer("organization_with_old_changes()", text)
