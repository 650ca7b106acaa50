"""Where an erased person is still named: asked of every text and JSON column there is.

The columns come from the catalog, so no table can be forgotten; the statements are
written by hand because no model knows all of them.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections

from organizations.invitations.models import Invitation
from organizations.tenancy import operator

HISTORY: Final = (
    "append-only history, kept as the record of who changed what (ADR 10); it goes"
    " with its organization"
)
PAPERS: Final = (
    "what Stripe told of who pays, for as long as the organization does; invoices name"
    " their reader, as the law asks"
)
# Tables that may name somebody who is erased, and why.
EXCEPTIONS: Final = {
    "audit_auditentry": HISTORY,
    "audit_platformentry": HISTORY.partition(";")[0],
    "intake_stripeevent": "what Stripe told of who pays, for 90 days after it was applied",
    **{
        f"djstripe_{name}": PAPERS
        for name in ("customer", "invoice", "paymentmethod", "subscription")
    },
}
COLUMNS: Final = """
SELECT c.relname, a.attname, has_table_privilege(c.oid, 'SELECT')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND (coalesce(e.typcategory, t.typcategory) = 'S'
    OR coalesce(e.typname, t.typname) IN ('json', 'jsonb', 'tsvector', 'xml'))
ORDER BY c.relname, a.attnum"""


@dataclass(frozen=True)
class Leftover:
    """How many rows of a column name somebody, and why they may."""

    table: str
    column: str
    count: int
    reason: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.count}"


def leftovers(terms: list[str]) -> tuple[list[Leftover], list[str]]:
    """Return where terms are found, and the tables that could not be read."""
    wanted = spellings(terms)
    found, closed = [], []
    with (
        operator(None, reason="look for leftovers of an erased person"),
        connections["operator"].cursor() as cursor,
    ):
        for table, columns in readable_columns(cursor).items():
            if columns is None:
                closed.append(table)
                continue
            counts = count(cursor, table, columns, wanted)
            reason = EXCEPTIONS.get(table, "")
            found += [
                Leftover(table, column, number, reason)
                for column, number in zip(columns, counts, strict=True)
                if number
            ]
    return found, closed


def readable_columns(cursor: Any) -> dict[str, list[str] | None]:
    """Return each table's columns of text; None for one that staff may not read."""
    cursor.execute(COLUMNS)
    tables: dict[str, list[str] | None] = defaultdict(list)
    for table, column, readable in cursor.fetchall():
        columns = tables[table]
        if not readable or columns is None:
            tables[table] = None
        else:
            columns.append(column)
    return tables


def count(
    cursor: Any, table: str, columns: list[str], terms: list[str]
) -> tuple[int, ...]:
    """Return in how many rows each column of a table holds one of the terms."""
    quote = connections["operator"].ops.quote_name
    parts = [
        "count(*) FILTER (WHERE "
        + " OR ".join(
            [f"position(lower(%s) IN lower({quote(column)}::text)) > 0"] * len(terms)
        )
        + ")"
        for column in columns
    ]
    sql = f"SELECT {', '.join(parts)} FROM {quote(table)}"  # noqa: S608  # quoted names
    cursor.execute(sql, terms * len(columns))
    counts: tuple[int, ...] = cursor.fetchone()
    return counts


def spellings(terms: list[str]) -> list[str]:
    """Return terms as text and as JSON writes them."""
    written = [
        json.dumps(term, ensure_ascii=plain)[1:-1]
        for term in terms
        for plain in (True, False)
    ]
    return list(dict.fromkeys([*terms, *written]))


def forget_everywhere(email: str, neutral: str) -> int:
    """Write the neutral address over invitations of organizations they never joined."""
    with operator(None, reason="forget the address of an erased person"):
        return Invitation.objects.filter(email=email).update(email=neutral)
