"""The bytes of a file as text: its encoding, and no more at once than one line."""

import codecs
import io
import re
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

HEAD: Final = 64 * 1024
PIECE: Final = 64 * 1024
# A record, which may go on over many lines.
LONGEST: Final = 1_000_000
MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How files begin that are often taken for CSV.
ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
# What the database keeps of no text: NUL, and one half of a pair.
UNKEPT: Final = re.compile(r"[\0\ud800-\udfff]")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """A file cannot be read; the message says why, to whoever uploaded it."""


@dataclass(frozen=True)
class Record:
    """One line of a file, where it begins, and why it is none."""

    line: int
    # Texts; in JSON anything that it has.
    cells: list[Any]
    fault: str = ""


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


def not_text() -> str:
    return _("That file is not text. Save it as CSV in UTF-8.")


def too_long(line: int) -> str:
    return _(
        "Line %(n)s is too long to be a task. A quotation mark may be missing in it."
    ) % {"n": number_format(line)}


def said(cell: Any) -> str:
    """Return a cell in few words, for people to look at."""
    if isinstance(cell, list):
        cell = "; ".join(map(str, cell))
    return UNKEPT.sub("\ufffd", "" if cell is None else str(cell))
