"""Money in words."""

from decimal import Decimal
from typing import Final

from django.conf import settings
from django.utils.formats import number_format

CENTS: Final = 100
SIGNS: Final = {"eur": "€", "usd": "$", "gbp": "£"}


def money_words(cents: int, currency: str = "") -> str:
    """Return an amount as people read it: €1,250.00, CHF 9.50."""
    currency = currency or settings.BILLING_CURRENCY
    amount = number_format(Decimal(abs(cents)) / CENTS, 2, force_grouping=True)
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{'-' if cents < 0 else ''}{sign}{amount}"
