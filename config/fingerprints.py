"""What rows and tables hold, as one hash: two databases can be compared by it.

Statements are written by hand, as a hash over a table is the database's work.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

# A row's text must not hang on who asks, and where.
SETTINGS: Final = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
HASHED: Final = """
SELECT count(*), coalesce(encode(sha256(string_agg(digest, '' ORDER BY digest)), 'hex'), '')
FROM (SELECT sha256(convert_to(ROW({columns})::text, 'UTF8')) AS digest
      FROM {table} WHERE {condition}) hashed"""


@dataclass(frozen=True)
class Fingerprint:
    """How many rows a table has, and the SHA-256 (hex) over all; "" without a row."""

    rows: int
    sha256: str


def same_text(cursor: Any) -> None:
    """Make a transaction write values as every other one does that is compared."""
    for statement in SETTINGS:
        cursor.execute(statement)


def fingerprint(
    cursor: Any,
    table: str,
    columns: Iterable[str],
    condition: str = "true",
    parameters: Iterable[Any] = (),
) -> Fingerprint:
    """Return the hash of a table's rows, in whatever order they lie.

    Columns go by name, so that a table whose columns came in another order is equal.
    The caller has called `same_text` in the transaction, and sees the rows.
    """
    named = ", ".join(f'"{column}"' for column in sorted(columns))
    cursor.execute(
        HASHED.format(columns=named, table=f'"{table}"', condition=condition),
        list(parameters),
    )
    return Fingerprint(*cursor.fetchone())


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns of a model whose values are its own, generated ones left out."""
    fields = model._meta.local_concrete_fields
    kept = (f.column for f in fields if not getattr(f, "generated", False))
    return [column for column in kept if column]


def altogether(parts: dict[str, Fingerprint]) -> str:
    """Return one SHA-256 (hex) for many tables, by their names."""
    whole = hashlib.sha256()
    for name, part in sorted(parts.items()):
        whole.update(f"{name} {part.rows} {part.sha256}\n".encode())
    return whole.hexdigest()
