"""The bytes of a file as records: its encoding, its delimiter, and no more at once
than one line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any, Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

HEAD: Final = 64 * 1024
PIECE: Final = 64 * 1024
# A record, which may go on over many lines.
LONGEST: Final = 1_000_000
MOST_COLUMNS: Final = 200
SAMPLE: Final = 50
DELIMITERS: Final = ",;\t|"
MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How files begin that are often taken for CSV.
ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """A file cannot be read; the message says why, to whoever uploaded it."""


@dataclass(frozen=True)
class Shape:
    """How a file's bytes are read."""

    encoding: str
    delimiter: str
    headings: list[str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Record:
    """One line of a table, and where it begins in the file."""

    line: int
    cells: list[str]


class Bytes(io.RawIOBase):
    """A file of any storage as a stream, which is left open."""

    def __init__(self, file: IO[bytes]) -> None:
        self.source = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Lines:
    """The lines of a text; endless ones, and NUL bytes, are refused."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        file.seek(0)
        stream = io.BufferedReader(Bytes(file), PIECE)
        self.text = io.TextIOWrapper(stream, encoding, newline="")
        self.number = 0
        self.length = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.length += len(line)
        if self.length > LONGEST:
            raise Unreadable(too_long(self.number))
        if "\0" in line:
            raise Unreadable(not_text())
        return line


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


def tasks_of(file: IO[bytes], shape: Shape, skip: int = 0) -> Iterator[Record]:
    """Yield the lines below the headings, from a place on."""
    found = records(file, shape.encoding, shape.delimiter)
    for _each in range(skip + 1):
        next(found, None)
    return found


def examine(file: IO[bytes]) -> tuple[Shape, int]:
    """Return how a file is read and how many tasks it holds; else Unreadable."""
    encoding = encoding_of(file)
    delimiter = delimiter_of(file, encoding)
    first = next(records(file, encoding, delimiter), None)
    if first is None:
        raise Unreadable(_("That file is empty."))
    shape = Shape(encoding, delimiter, named(first.cells))
    return shape, counted(file, shape)


def encoding_of(file: IO[bytes]) -> str:
    """Return the encoding of a file that is text."""
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip():
        raise Unreadable(_("That file is empty."))
    if head.startswith(ARCHIVE):
        raise Unreadable(
            _("That is a spreadsheet or an archive. Save it as CSV and upload that.")
        )
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return tried(file, encoding)
    if b"\0" in head:
        return tried(file, halved(head))
    try:
        return tried(file, "utf-8")
    except Unreadable:
        return tried(file, "cp1252")


def halved(head: bytes) -> str:
    """Return which UTF-16 a text without a mark is: every other byte of it is NUL."""
    counts = [head[start::2].count(0) for start in (0, 1)]
    most = len(head) // 2
    if counts[1] > most * 0.6 and counts[0] < most * 0.1:
        return "utf-16-le"
    if counts[0] > most * 0.6 and counts[1] < most * 0.1:
        return "utf-16-be"
    raise Unreadable(not_text())


def tried(file: IO[bytes], encoding: str) -> str:
    """Return the encoding when the whole file can be read in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            if encoding == "cp1252" and CONTROL.search(text):
                raise Unreadable(not_text())
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Unreadable(not_text()) from error
    return encoding


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


def named(cells: list[str]) -> list[str]:
    """Return the headings of a table; a column without one is called by its place."""
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            _("That file has more than %(n)s columns.") % {"n": MOST_COLUMNS}
        )
    return [
        " ".join(cell.split())[:100] or _("Column %(n)s") % {"n": place}
        for place, cell in enumerate(cells, 1)
    ]


def counted(file: IO[bytes], shape: Shape) -> int:
    """Return how many tasks a file holds, having read all of it."""
    rows = 0
    for _record in tasks_of(file, shape):
        rows += 1
        if rows > settings.IMPORT_MAX_ROWS:
            most = number_format(settings.IMPORT_MAX_ROWS, force_grouping=True)
            raise Unreadable(
                _("That file has more than %(n)s lines. Divide it.") % {"n": most}
            )
    if not rows:
        raise Unreadable(_("That file has headings and no line below them."))
    return rows


def not_text() -> str:
    return _("That file is not text. Save it as CSV in UTF-8.")


def too_long(line: int) -> str:
    return _(
        "Line %(n)s is too long to be a task. A quotation mark may be missing in it."
    ) % {"n": number_format(line)}
