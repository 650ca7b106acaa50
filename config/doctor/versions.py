"""Releases with known flaws, as they were known on the day below."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import Final

import django
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from config.doctor.asking import catalog, reader
from config.doctor.finding import Finding

KNOWN_ON: Final = date(2026, 11, 21)
# Flaws in row security: the first release of each line of PostgreSQL without it.
ROW_SECURITY: Final = {
    "CVE-2023-2455": {11: 20, 12: 15, 13: 11, 14: 8, 15: 3},
    "CVE-2024-10976": {12: 21, 13: 17, 14: 14, 15: 9, 16: 5, 17: 1},
    "CVE-2025-8713": {13: 22, 14: 19, 15: 14, 16: 10, 17: 6},
}
# The first release of each line of Django without the last flaw known.
DJANGO: Final = {(5, 2): ("CVE-2026-48588", 16), (6, 0): ("CVE-2026-48588", 7)}
# The day after which a line of Python gets no security releases.
PYTHON_ENDS: Final = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}


def releases_are_sound() -> Iterator[Finding]:
    """Compare what runs with the tables."""
    alias = reader()
    with catalog(alias):
        number = connections[alias].connection.info.server_version
    yield from of_postgresql(number)
    yield from of_django(django.VERSION[:3])
    yield from of_python(sys.version_info[:2], timezone.now().date())


def of_postgresql(number: int) -> Iterator[Finding]:
    """Yield which flaws a server's number (170006 is 17.6) has."""
    line, release = divmod(number, 10_000)
    flaws = [name for name, fixed in ROW_SECURITY.items() if has(fixed, line, release)]
    if flaws:
        words = {"release": f"{line}.{release}", "flaws": ", ".join(flaws)}
        text = _("PostgreSQL %(release)s has flaws in row security: %(flaws)s.")
        yield Finding("D311", text % words)


def has(fixed: dict[int, int], line: int, release: int) -> bool:
    """Whether a release came before the fix; older lines never got it."""
    return line < min(fixed) or release < fixed.get(line, 0)


def of_django(version: tuple[int, int, int]) -> Iterator[Finding]:
    name, release = DJANGO.get(version[:2], ("", 0))
    if version[:2] < min(DJANGO) or version[2] < release:
        words = {"version": ".".join(map(str, version)), "flaw": name or "no support"}
        yield Finding("D312", _("Django %(version)s: %(flaw)s.") % words)


def of_python(line: tuple[int, int], today: date) -> Iterator[Finding]:
    ends = PYTHON_ENDS.get(line)
    if line < min(PYTHON_ENDS) or (ends is not None and today > ends):
        words = {"line": ".".join(map(str, line))}
        yield Finding("D313", _("Python %(line)s gets no security releases.") % words)
