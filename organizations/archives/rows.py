"""Rows as text, the way the database writes it: read in order, written, deleted.

Statements are written by hand: columns and types come from the models, values as text.
Every one names the organization itself, beside the policy.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg
from django.db import connection, transaction

from organizations.archives.travelling import Table

Row = dict[str, str | None]
Item = TypeVar("Item")
PAGE: Final = 500
TAKES_LONG: Final = (
    "SET LOCAL statement_timeout = '15min'",
    "SET LOCAL idle_in_transaction_session_timeout = '15min'",
)

# A value's text must not hang on who asks, and where.
SAME_TEXT: Final = """
SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
  set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
  set_config('extra_float_digits', '1', true)"""
READ: Final = """
SELECT {columns} FROM "{table}" t WHERE t."{key}" = %s AND {after}
ORDER BY t."{order}" LIMIT {page}"""
COUNT: Final = 'SELECT count(*) FROM "{table}" WHERE "{key}" = %s'
DELETE: Final = 'DELETE FROM "{table}" WHERE "{key}" = %s AND id = ANY (%s)'
# In the order given: the log's trigger chains one row to the one before.
INSERT: Final = """
INSERT INTO "{table}" ("{key}", {columns})
SELECT %s, {values} FROM json_array_elements(%s::json) WITH ORDINALITY AS given (r, place)
ORDER BY place ON CONFLICT {conflict} DO NOTHING"""
UPDATE: Final = """
UPDATE "{table}" SET ({columns}) = (SELECT {values} FROM (SELECT %s::json AS r) given)
WHERE "{key}" = %s"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Read for a block what the database held at one moment.

    Inside a transaction that has begun, it is that transaction's view.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    raw: Any = connection.connection
    raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            yield
    finally:
        if not raw.closed:
            raw.isolation_level = None


def prepare() -> None:
    """Make the transaction write every value as each other one does, and wait longer."""
    with connection.cursor() as cursor:
        for statement in TAKES_LONG:
            cursor.execute(statement)
        cursor.execute(SAME_TEXT)


def read(table: Table, organization_id: UUID) -> Iterator[Row]:
    """Yield an organization's rows of a table in their order, a page at a time."""
    last: str | None = None
    while True:
        page = read_page(table, organization_id, last)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1][table.order]


def read_page(table: Table, organization_id: UUID, last: str | None) -> list[Row]:
    sql = READ.format(
        columns=", ".join(f't."{column}"::text' for column in table.columns),
        table=table.name,
        key=table.key,
        order=table.order,
        after="true" if last is None else f't."{table.order}" > %s',
        page=PAGE,
    )
    values: list[Any] = [organization_id, *([] if last is None else [last])]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [dict(zip(table.columns, row, strict=True)) for row in cursor]


def count(table: Table, organization_id: UUID) -> int:
    """Return how many rows of a table are an organization's."""
    sql = COUNT.format(table=table.name, key=table.key)
    with connection.cursor() as cursor:
        cursor.execute(sql, [organization_id])
        return int(cursor.fetchone()[0])


def write(table: Table, organization_id: UUID, rows: Iterable[Row]) -> None:
    """Write rows in the order given; those whose id is there already stay as they are."""
    sql = INSERT.format(
        table=table.name,
        key=table.key,
        columns=", ".join(f'"{column}"' for column in table.columns),
        values=values_of(table),
        conflict="(id)" if table.key == "id" else f'("{table.key}", id)',
    )
    with connection.cursor() as cursor:
        for batch in batches(rows):
            cursor.execute(sql, [organization_id, json.dumps(batch)])


def rewrite(table: Table, organization_id: UUID, row: Row) -> None:
    """Give the organization's own row the values of another."""
    sql = UPDATE.format(
        table=table.name,
        key=table.key,
        columns=", ".join(f'"{column}"' for column in table.columns),
        values=values_of(table),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(row), organization_id])


def values_of(table: Table) -> str:
    return ", ".join(
        f"(r ->> '{column}')::{kind}" for column, kind in table.columns.items()
    )


def delete(table: Table, organization_id: UUID, ids: Sequence[str]) -> None:
    """Delete rows; what hangs on them goes along, as the keys say."""
    sql = DELETE.format(table=table.name, key=table.key)
    with connection.cursor() as cursor:
        for batch in batches(ids):
            cursor.execute(sql, [organization_id, [UUID(one) for one in batch]])


def keys_are_checked(*, now: bool) -> None:
    """Have foreign keys checked at once again, or for all rows together at the end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {'IMMEDIATE' if now else 'DEFERRED'}")


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items as lists of a page's length."""
    waiting = iter(items)
    while batch := list(islice(waiting, PAGE)):
        yield batch
