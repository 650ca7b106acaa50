"""Amounts of money in templates."""

from django import template

from billing.words import money_words

register = template.Library()
register.filter("money", money_words)
