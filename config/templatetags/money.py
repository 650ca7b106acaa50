"""Amounts of money in templates."""

from django import template

from billing.money import money

register = template.Library()
register.filter("money", money)


@register.filter
def amount(cents: int, currency: str) -> str:
    """An amount with its cents, as papers and columns have it."""
    return money(cents, currency, exact=True)
