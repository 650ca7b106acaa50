"""The audit log as a file: a table for people, lines of JSON for proof."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from organizations.audit.chain import with_text
from organizations.audit.models import AuditEntry

BATCH: Final = 500
COLUMNS: Final = (
    *("sequence", "at", "actor", "actor_type", "action", "target_type", "target_id"),
    *("target", "before", "after", "address", "user_agent", "request_id", "hash"),
)
# A sheet takes a cell that begins so for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def batches(rows: QuerySet[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """Yield the entries in the order of the chain, a bounded number at a time."""
    last, ordered = 0, rows.order_by("sequence")
    while True:
        found = list(ordered.filter(sequence__gt=last)[:BATCH])
        if found:
            yield found
        if len(found) < BATCH:
            return
        last = found[-1].sequence


def as_json_lines(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield a line an entry: its hash, and its text byte for byte as it was hashed."""
    for found in batches(with_text(rows)):
        for entry in found:
            words: Any = entry
            yield f'{{"hash":"{bytes(entry.hash).hex()}","entry":{words.text}}}\n'


def as_csv(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield a table for a spreadsheet, with a heading; no cell of it is a formula."""
    yield line(COLUMNS)
    for found in batches(rows):
        yield "".join(line(cells(entry)) for entry in found)


def cells(entry: AuditEntry) -> list[str]:
    """Return an entry's cells in the order of the columns."""
    return [
        str(entry.sequence),
        entry.created_at.isoformat(),
        entry.actor_label or str(entry.actor_id or ""),
        entry.actor_type,
        entry.action,
        entry.target_type,
        entry.target_id,
        entry.target_label,
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
        entry.address or "",
        entry.user_agent,
        entry.request_id,
        bytes(entry.hash).hex(),
    ]


def line(values: Any) -> str:
    """Return one line of the table."""
    out = io.StringIO()
    csv.writer(out).writerow([harmless(value) for value in values])
    return out.getvalue()


def harmless(value: str) -> str:
    """Return a cell that no spreadsheet carries out."""
    return f"'{value}" if value.startswith(FORMULA) else value
