"""Text as a table: what stands between its columns, and its lines."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import IO, Final

from django.utils.translation import gettext as _

from tasks.imports.texts import Lines, Record, Unreadable, too_long

SAMPLE: Final = 50
DELIMITERS: Final = ",;\t|"


def records(file: IO[bytes], encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield the lines of a table that hold anything, the headings among them."""
    lines = Lines(file, encoding)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.length, first = 0, lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable(too_long(first)) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Record(first, cells)


def delimiter_of(file: IO[bytes], encoding: str) -> str:
    """Return what stands between columns: what gives most of them, most evenly."""

    def evenness(delimiter: str) -> int:
        try:
            found = list(islice(records(file, encoding, delimiter), SAMPLE))
        except Unreadable:
            return -1
        widths = [len(record.cells) for record in found]
        return sum(width - 1 for width in widths if width == widths[0])

    return max(DELIMITERS, key=evenness)


def headings_of(file: IO[bytes], encoding: str, delimiter: str) -> list[str]:
    """Return the headings of a table; a column without one is called by its place."""
    first = next(records(file, encoding, delimiter), None)
    if first is None:
        raise Unreadable(_("That file is empty."))
    return [
        " ".join(str(cell).split())[:100] or _("Column %(n)s") % {"n": place}
        for place, cell in enumerate(first.cells, 1)
    ]
