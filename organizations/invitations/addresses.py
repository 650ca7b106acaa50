"""Addresses out of whatever somebody pastes: lines, lists, or a table of values."""

import csv
import io
import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

SEPARATORS: Final = re.compile(r"[,;\n\r\t]+")
HEADINGS: Final = frozenset({"email", "e-mail", "mail", "address", "e-mail address"})
LONGEST: Final = 254


def pasted(text: str) -> list[str]:
    """Return the entries of a pasted text, each once, in their order."""
    entries = (entry.strip() for entry in SEPARATORS.split(text))
    return list(dict.fromkeys(entry for entry in entries if entry))


def in_table(text: str) -> list[str]:
    """Return the entries of a CSV file: its address column, else the first."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(row)]
    except csv.Error:
        return pasted(text)
    if not rows:
        return []
    heads = [cell.strip().lower() for cell in rows[0]]
    found = [place for place, head in enumerate(heads) if head in HEADINGS]
    column, body = (found[0], rows[1:]) if found else (0, rows)
    entries = (row[column].strip() for row in body if len(row) > column)
    return list(dict.fromkeys(entry for entry in entries if entry))


def address_in(entry: str) -> str | None:
    """Return the address of an entry such as `Ada <ada@example.com>`; None without."""
    address = (parseaddr(entry)[1] or entry).strip().lower()
    if len(address) > LONGEST:
        return None
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address


def domains_in(text: str) -> Iterator[str]:
    """Yield the domains of a pasted list, without an @ in front."""
    for entry in pasted(text.replace(" ", ",")):
        yield entry.lower().lstrip("@")
