"""Text as JSON: an object on each line, or one array of objects, read one at a time."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tasks.imports.texts import LONGEST, PIECE, UNKEPT, Lines, Unreadable

LINES, ARRAY = "jsonl", "json"
LONGEST_NAME: Final = 100
# How files begin that are taken for JSON, whatever they are called.
BEGINS: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\]{])')
BLANK: Final = re.compile(r"\s*")

Object = dict[str, Any]
# An object, or why there is none.
Found = Object | str


def constant(word: str) -> Any:
    raise ValueError(word)


DECODER: Final = json.JSONDecoder(parse_constant=constant, parse_float=str)


def layout_of(file: IO[bytes], encoding: str, *, wanted: bool) -> str:
    """Return how JSON is laid out; nothing when a file does not look like it."""
    head = Lines(file, encoding).text.read(1_000)
    if not wanted and not BEGINS.match(head):
        return ""
    return ARRAY if head.lstrip().startswith("[") else LINES


def objects(file: IO[bytes], encoding: str, layout: str) -> Iterator[tuple[int, Found]]:
    """Yield each object and the line it begins on, or why there is none."""
    return (in_lines if layout == LINES else in_array)(file, encoding)


def in_lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, Found]]:
    lines = Lines(file, encoding)
    for line in lines:
        lines.length = 0
        if not line.isspace():
            yield lines.number, read(line.strip())


def read(text: str) -> Found:
    """Return the object of a line, or why it is none."""
    try:
        return looked_at(DECODER.decode(text))
    except (ValueError, RecursionError):
        return _("This line is not a JSON object.")


def looked_at(value: Any) -> Found:
    """Return a value that is an object, none of whose names is out of the question."""
    if not isinstance(value, dict):
        return _("This is not a JSON object.")
    if any(not name.strip() or len(name) > LONGEST_NAME for name in value):
        return _("A name in it is empty, or longer than %(n)s characters.") % {
            "n": LONGEST_NAME
        }
    if UNKEPT.search("".join(value)):
        return _("A name in it holds characters that are no text.")
    return value


def in_array(file: IO[bytes], encoding: str) -> Iterator[tuple[int, Found]]:
    """Yield what is in an array; behind what cannot be read nothing else can be."""
    text = Pieces(file, encoding)
    text.take("[")
    if text.next() == "]":
        text.take("]")
    else:
        while True:
            line, value = text.value()
            yield line, looked_at(value)
            if text.next() != ",":
                break
            text.take(",")
        text.take("]")
    if text.next():
        raise Unreadable(broken(text.line))


class Pieces:
    """A text read in pieces, of which the part that is not understood yet is held."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.source = Lines(file, encoding).text
        self.held, self.at, self.line = "", 0, 1

    def more(self) -> bool:
        """Read on; False at the end."""
        piece = self.source.read(PIECE)
        if "\0" in piece:
            raise Unreadable(broken(self.line))
        if piece:
            self.held, self.at = self.held[self.at :] + piece, 0
        return bool(piece)

    def next(self) -> str:
        """Return the next letter that is no blank, and stand before it."""
        while True:
            self.move(BLANK.match(self.held, self.at).end())  # type: ignore[union-attr]
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.more():
                return ""

    def take(self, letter: str) -> None:
        if self.next() != letter:
            raise Unreadable(broken(self.line))
        self.move(self.at + 1)

    def value(self) -> tuple[int, Any]:
        """Return the next value and the line it begins on."""
        self.next()
        line = self.line
        while True:
            try:
                value, end = DECODER.raw_decode(self.held, self.at)
            except (ValueError, RecursionError) as error:
                if len(self.held) - self.at > LONGEST or not self.more():
                    raise Unreadable(broken(line)) from error
                continue
            # A number at the end of a piece may go on in the next.
            if end < len(self.held) or not self.more():
                self.move(end)
                return line, value

    def move(self, to: int) -> None:
        self.line += self.held.count("\n", self.at, to)
        self.at = to


def broken(line: int) -> str:
    return _("From line %(n)s on that file is not JSON, or its objects too long.") % {
        "n": number_format(line)
    }
