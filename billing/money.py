"""Amounts of money in words."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import pgettext

SIGNS: Final = {"eur": "€", "usd": "$", "gbp": "£", "chf": "CHF "}


def money(cents: int, currency: str, *, exact: bool = False) -> str:
    """Return an amount as people write it; whole ones without cents unless exact."""
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    whole, rest = divmod(abs(cents), 100)
    number = number_format(whole, force_grouping=True)
    if rest or exact:
        number = number_format(abs(cents) / 100, 2, force_grouping=True)
    # Translators: Germans put the sign behind the number.
    written = pgettext("money", "%(sign)s%(number)s") % {"sign": sign, "number": number}
    return f"{'-' if cents < 0 else ''}{written.strip()}"
