"""Tasks as lines of a file, written while it is sent."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tasks.exports.cells import joined, safe
from tasks.exports.columns import COLUMNS, Batch, values_of

# By this mark Excel knows UTF-8.
MARK: Final = "\ufeff"


class Row:
    """What a CSV writer writes to: the row comes back instead of being kept."""

    def write(self, text: str) -> str:
        """Return the row as it is."""
        return text


def as_csv(batches: Iterable[Batch]) -> Iterator[str]:
    """Yield tasks as lines of a spreadsheet, under their columns' names."""
    writer: Any = csv.writer(Row())
    yield writer.writerow(COLUMNS)
    for batch in batches:
        yield "".join(
            writer.writerow(cell(*column) for column in values_of(task, batch).items())
            for task in batch.tasks
        )


def as_excel(batches: Iterable[Batch]) -> Iterator[str]:
    """Yield the same, marked as UTF-8."""
    yield MARK
    yield from as_csv(batches)


def as_json_lines(batches: Iterable[Batch]) -> Iterator[str]:
    """Yield each task as one JSON object on a line of its own."""
    for batch in batches:
        yield "".join(
            json.dumps(values_of(task, batch), ensure_ascii=False) + "\n"
            for task in batch.tasks
        )


def cell(name: str, value: Any) -> str:
    if name == "labels":
        return safe(joined(value))
    if isinstance(value, list):
        return safe(";".join(value))
    return "" if value is None else safe(str(value))


FORMATS: Final = {
    "csv": _("CSV"),
    "excel": _("CSV for Excel"),
    "jsonl": _("JSON Lines"),
}
WRITERS: Final[dict[str, Callable[[Iterable[Batch]], Iterator[str]]]] = {
    "csv": as_csv,
    "excel": as_excel,
    "jsonl": as_json_lines,
}
TYPES: Final = {"csv": "text/csv", "excel": "text/csv", "jsonl": "application/x-ndjson"}
ENDINGS: Final = {"csv": "csv", "excel": "csv", "jsonl": "jsonl"}
