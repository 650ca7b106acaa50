"""The log as a file, written while it is sent: a batch of entries is held at a time."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import F, QuerySet

from organizations.audit.chain import CanonicalText
from organizations.audit.models import AuditEntry

BATCH: Final = 500
COLUMNS: Final = (
    "sequence",
    "id",
    "created_at",
    "actor_type",
    "actor_id",
    "actor_label",
    "impersonator_id",
    "action",
    "target_type",
    "target_id",
    "target_label",
    "before",
    "after",
    "address",
    "user_agent",
    "request_id",
    "hash",
)
# What makes a spreadsheet take a cell for a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Row:
    """What a CSV writer writes to: the row comes back instead of being kept."""

    def write(self, text: str) -> str:
        """Return the row as it is."""
        return text


def as_csv(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield the entries as lines of a spreadsheet."""
    writer: Any = csv.writer(Row())
    yield writer.writerow(COLUMNS)
    for batch in batches(rows):
        for entry in batch:
            yield writer.writerow([cell(getattr(entry, name)) for name in COLUMNS])


def cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet computes."""
    if isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, bytes | memoryview):
        text = bytes(value).hex()
    elif hasattr(value, "isoformat"):
        text = value.isoformat()
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_json_lines(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield each entry's canonical text with its place and hash, as verify_log reads."""
    for batch in batches(rows.annotate(text=CanonicalText(F("sequence")))):
        known = hashes_before(batch)
        for entry in batch:
            line = {
                "sequence": entry.sequence,
                "previous": known.get(entry.sequence - 1, b"").hex(),
                "hash": bytes(entry.hash).hex(),
                "text": entry.text,
            }
            yield json.dumps(line, ensure_ascii=False) + "\n"


def batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield the entries by their place, some at a time, each read when it is due."""
    rows, place = rows.order_by("sequence"), 0
    while batch := list(rows.filter(sequence__gt=place)[:BATCH]):
        yield batch
        place = batch[-1].sequence


def hashes_before(batch: list[Any]) -> dict[int, bytes]:
    """Return the hashes by place of the entries in a batch, and of those before them."""
    known = {entry.sequence: bytes(entry.hash) for entry in batch}
    unknown = {place - 1 for place in known} - known.keys()
    rows = AuditEntry.objects.filter(sequence__in=unknown)
    found = rows.values_list("sequence", "hash")
    return known | {place: bytes(value) for place, value in found}


WRITERS: Final[dict[str, Callable[[QuerySet[AuditEntry]], Iterator[str]]]] = {
    "csv": as_csv,
    "jsonl": as_json_lines,
}
TYPES: Final = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
