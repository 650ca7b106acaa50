"""The board as SQL: the first tasks of each column, and putting one somewhere.

Like the list's statements these name the organization themselves beside the policy
(docs/adr/0008-hot-reads.md); ranks.py says what a place is.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tasks.filters import Filters
from tasks.queries import (
    ANSWER,
    COLUMNS,
    CONDITIONS,
    COUNT_CAP,
    COUNTS,
    GROUPED,
    OURS,
    Listing,
    active_organization,
    conditions,
    listing,
    read,
)

# So many cards of a column are shown; the list has the rest.
CARDS = 20

BOARD = """
WITH page AS MATERIALIZED (
  SELECT found.* FROM unnest(%(groups)s::text[]) AS s (status) CROSS JOIN LATERAL (
    SELECT {columns}, t.rank FROM tasks_task t
    WHERE {ours} AND t.status = s.status{conditions}
    ORDER BY t.rank, t.id LIMIT {most}) found
)"""

# The neighbours are read without a lock: whoever moves them meanwhile leaves a gap
# that is still between the same two numbers.
PLACE_TASK = """
CREATE OR REPLACE FUNCTION app.place_task(_organization uuid, _task uuid, _status text,
  _after uuid, _before uuid, _place text,
  OUT _rows text, OUT _doers text, OUT _counts text, OUT _landed boolean)
LANGUAGE plpgsql AS $f$
DECLARE
  low numeric; high numeric; own numeric; spot numeric; at uuid;
  part numeric := round((0.25 + random() / 2)::numeric, 6);
BEGIN
  _landed := _after IS NULL AND _before IS NULL;
  IF _after IS NOT NULL THEN
    SELECT t.rank INTO low FROM tasks_task t
    WHERE {ours} AND t.status = _status AND t.id = _after AND t.id <> _task;
    IF FOUND THEN
      _landed := true;
      SELECT t.rank INTO high FROM tasks_task t
      WHERE {ours} AND t.status = _status AND t.id <> _task
        AND (t.rank, t.id) > (low, _after) ORDER BY t.rank, t.id LIMIT 1;
    END IF;
  END IF;
  IF NOT _landed AND _before IS NOT NULL THEN
    SELECT t.rank INTO high FROM tasks_task t
    WHERE {ours} AND t.status = _status AND t.id = _before AND t.id <> _task;
    IF FOUND THEN
      _landed := true;
      SELECT t.rank INTO low FROM tasks_task t
      WHERE {ours} AND t.status = _status AND t.id <> _task
        AND (t.rank, t.id) < (high, _before) ORDER BY t.rank DESC, t.id DESC LIMIT 1;
    END IF;
  END IF;
  IF _place = 'bottom' THEN
    SELECT max(t.rank) INTO low FROM tasks_task t
    WHERE {ours} AND t.status = _status AND t.id <> _task;
  ELSIF _place = 'up' THEN
    SELECT t.rank INTO own FROM tasks_task t WHERE {ours} AND t.id = _task;
    SELECT t.rank, t.id INTO high, at FROM tasks_task t
    WHERE {ours} AND t.status = _status AND (t.rank, t.id) < (own, _task)
    ORDER BY t.rank DESC, t.id DESC LIMIT 1;
    SELECT t.rank INTO low FROM tasks_task t
    WHERE {ours} AND t.status = _status AND (t.rank, t.id) < (high, at)
    ORDER BY t.rank DESC, t.id DESC LIMIT 1;
  ELSIF _place = 'down' THEN
    SELECT t.rank INTO own FROM tasks_task t WHERE {ours} AND t.id = _task;
    SELECT t.rank, t.id INTO low, at FROM tasks_task t
    WHERE {ours} AND t.status = _status AND (t.rank, t.id) > (own, _task)
    ORDER BY t.rank, t.id LIMIT 1;
    SELECT t.rank INTO high FROM tasks_task t
    WHERE {ours} AND t.status = _status AND (t.rank, t.id) > (low, at)
    ORDER BY t.rank, t.id LIMIT 1;
    low := coalesce(low, own);
  END IF;
  spot := CASE
    WHEN low IS NULL THEN
      least(-extract(epoch FROM clock_timestamp()) * 1000000, high - 1)
    WHEN high IS NULL THEN low + 1000000 * part
    ELSE low + (high - low) * part END;
  {move} INTO _rows, _doers, _counts;
END $f$"""
MOVE = """
WITH page AS MATERIALIZED (
  SELECT {columns} FROM tasks_task t WHERE {ours} AND t.id = _task FOR UPDATE
),
moved AS (
  UPDATE tasks_task t SET status = _status, rank = spot,
    completed_at = CASE WHEN _status = 'done' THEN coalesce(t.completed_at, now()) END
  FROM page p WHERE t.organization_id = _organization AND t.id = p.id
)"""

SEARCHED = """ AND t.id IN (SELECT f.found FROM app.search_tasks(
  to_tsquery('simple', %(words)s), to_tsquery('simple', %(titled)s), %(prefix)s,
  %(number)s, 500) AS f)"""


class Placed(NamedTuple):
    """The task as it was, and whether it stands where it was wanted."""

    line: Listing
    landed: bool


def board(filters: Filters, me: UUID) -> Listing:
    """Return the first tasks of each column, from the top."""
    values = conditions(replace(filters, group="", sort="", cursor=None), me)
    chosen = tuple(
        name
        for name in (*CONDITIONS, "words")
        if values.get(name) and name not in ("status", "before")
    )
    sql = board_sql(chosen) if chosen else call_board()
    return listing(sql, values, most=CARDS * len(values["groups"]))


def place(
    task_id: UUID, status: str, after: UUID | None, before: UUID | None, where: str
) -> Placed:
    """Put a task below one, above one, or at an end of a column."""
    organization_id = active_organization()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM app.place_task(%s, %s, %s, %s, %s, %s)",
            (organization_id, task_id, status, after, before, where),
        )
        rows, doers, _counts, landed = cursor.fetchone()
    return Placed(read(rows, doers, None, organization_id, ()), landed)


@cache
def board_sql(chosen: tuple[str, ...]) -> str:
    told = CONDITIONS | {"words": SEARCHED}
    where = "".join(told[name] for name in chosen)
    page = BOARD.format(columns=COLUMNS, ours=OURS, conditions=where, most=CARDS)
    counts = COUNTS.format(
        ours=OURS, grouped=GROUPED[""], conditions=where, cap=COUNT_CAP + 1
    )
    return page + ANSWER.format(counts=counts, order="rank, id", extra="")


@cache
def call_board() -> str:
    return "SELECT * FROM app.board_tasks(%(organization)s, %(groups)s)"


BOARD_TASKS = """
CREATE OR REPLACE FUNCTION app.board_tasks(_organization uuid, _groups text[],
  OUT _rows text, OUT _doers text, OUT _counts text)
LANGUAGE plpgsql AS $f$
BEGIN {body} INTO _rows, _doers, _counts; END $f$"""


def statements() -> Iterator[str]:
    """Yield the statements that make the functions; they have their caller's rights."""
    names = {"organization": "_organization", "groups": "_groups"}
    yield BOARD_TASKS.format(body=board_sql(()) % names)
    ours = OURS % names
    move = MOVE.format(columns=COLUMNS, ours=ours) + ANSWER.format(
        counts="NULL", order="id", extra=""
    )
    yield PLACE_TASK.format(ours=ours, move=move % names)
