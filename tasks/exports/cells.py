"""Cells that no spreadsheet computes, and the same text taken out of them again."""

import re
from typing import Final

# What makes a spreadsheet take a cell for a formula. Apostrophes before it count, or
# a text that begins with one by itself would come back without it.
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
PREFIXED: Final = re.compile(r"'+[=+\-@\t\r]")


def safe(text: str) -> str:
    """Return a text as a cell that is never a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unprefixed(cell: str) -> str:
    """Return the text that a cell was made of."""
    return cell[1:] if PREFIXED.match(cell) else cell
