"""Amounts of money in templates."""

from django import template

from billing.money import money

register = template.Library()
register.filter("money", money)
