"""Cells that no spreadsheet computes, and the same text taken out of them again."""

import re
from collections.abc import Iterable
from typing import Final

# What makes a spreadsheet take a cell for a formula. Apostrophes before it count, or
# a text that begins with one by itself would come back without it.
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
PREFIXED: Final = re.compile(r"'+[=+\-@\t\r]")
# Between names stand semicolons; those of other programs have commas there.
BETWEEN: Final = re.compile(r"[\\;,]")
ESCAPED: Final = re.compile(r"\\([\\;,])")
NAME: Final = re.compile(r"(?:\\[\\;,]|[^;,\n])+")


def safe(text: str) -> str:
    """Return a text as a cell that is never a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unprefixed(cell: str) -> str:
    """Return the text that a cell was made of."""
    return cell[1:] if PREFIXED.match(cell) else cell


def joined(names: Iterable[str]) -> str:
    """Return names as one text; what stands between them is escaped in them."""
    return ";".join(BETWEEN.sub(r"\\\g<0>", name) for name in names)


def parted(text: str) -> list[str]:
    """Return the names that a text was made of, each once."""
    found = (ESCAPED.sub(r"\1", part).strip() for part in NAME.findall(text))
    return list(dict.fromkeys(filter(None, found)))
