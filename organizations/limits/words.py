"""Amounts in words; sizes are decimal, as the price list and file managers count."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import ngettext

from organizations.limits.models import Key

STEP: Final = 1000
UNITS: Final = ("kB", "MB", "GB", "TB", "PB", "EB")


def size_words(size: int) -> str:
    """Return a size as people read it: 840 bytes, 4 kB, 3.2 MB."""
    if size < STEP:
        return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    value, unit = size / STEP, 0
    while round(value) >= STEP:
        value, unit = value / STEP, unit + 1
    # Of large numbers nobody reads what stands behind the point, nor a zero there.
    shown = round(value, 1) if value < 100 else round(value)
    places = 0 if shown == round(shown) else 1
    return f"{number_format(shown, places)} {UNITS[unit]}"


def amount_words(key: str, amount: int) -> str:
    """Return how much there is of a thing: bytes as a size, all else as a number."""
    return size_words(amount) if key == Key.STORAGE else grouped(amount)


def grouped(amount: int) -> str:
    return number_format(amount, force_grouping=True)
