"""Files as records: how their bytes are read, and then one record after another."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any, Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tasks.exports.cells import unprefixed
from tasks.imports.objects import layout_of, objects
from tasks.imports.tables import delimiter_of, headings_of, records
from tasks.imports.texts import Record, Unreadable, encoding_of

MOST_COLUMNS: Final = 200
TABLE: Final = "csv"
ENDINGS: Final = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Shape:
    """How a file's bytes are read."""

    encoding: str
    delimiter: str
    headings: list[str]
    # A table, or how JSON is laid out.
    kind: str = TABLE

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(file: IO[bytes], name: str = "") -> tuple[Shape, int]:
    """Return how a file is read and how many tasks it holds; else Unreadable."""
    encoding = encoding_of(file)
    layout = layout_of(file, encoding, wanted=name.lower().endswith(ENDINGS))
    if layout:
        return shape_of_objects(file, encoding, layout)
    delimiter = delimiter_of(file, encoding)
    headings = headings_of(file, encoding, delimiter)
    few(headings)
    shape = Shape(encoding, delimiter, headings)
    return shape, counted(file, shape)


def shape_of_objects(file: IO[bytes], encoding: str, layout: str) -> tuple[Shape, int]:
    """Return the names that the objects of a file have, and how many there are."""
    names: dict[str, None] = {}
    rows = 0
    for _line, found in objects(file, encoding, layout):
        rows += 1
        not_too_many(rows)
        if not isinstance(found, str):
            names.update(dict.fromkeys(found))
            few(names)
    if not names:
        raise Unreadable(_("There is no JSON object with anything in it in that file."))
    return Shape(encoding, "", list(names), layout), rows


def tasks_of(file: IO[bytes], shape: Shape, skip: int = 0) -> Iterator[Record]:
    """Yield the records of tasks, from a place on."""
    found = rows_of(file, shape) if shape.kind == TABLE else named_of(file, shape)
    for _each in range(skip):
        next(found, None)
    return found


def rows_of(file: IO[bytes], shape: Shape) -> Iterator[Record]:
    """Yield the lines below the headings."""
    for record in islice(records(file, shape.encoding, shape.delimiter), 1, None):
        yield Record(record.line, [unprefixed(cell) for cell in record.cells])


def named_of(file: IO[bytes], shape: Shape) -> Iterator[Record]:
    """Yield objects as lines of a table whose headings are their names."""
    for line, found in objects(file, shape.encoding, shape.kind):
        if isinstance(found, str):
            yield Record(line, [], found)
        else:
            yield Record(line, [found.get(name) for name in shape.headings])


def counted(file: IO[bytes], shape: Shape) -> int:
    """Return how many tasks a file holds, having read all of it."""
    rows = 0
    for _record in tasks_of(file, shape):
        rows += 1
        not_too_many(rows)
    if not rows:
        raise Unreadable(_("That file has headings and no line below them."))
    return rows


def few(headings: Any) -> None:
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(
            _("That file has more than %(n)s columns.") % {"n": MOST_COLUMNS}
        )


def not_too_many(rows: int) -> None:
    if rows > settings.IMPORT_MAX_ROWS:
        most = number_format(settings.IMPORT_MAX_ROWS, force_grouping=True)
        raise Unreadable(
            _("That file has more than %(n)s lines. Divide it.") % {"n": most}
        )
