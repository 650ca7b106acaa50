"""Whether a page may offer to make an account."""

from django import template

from accounts.doors import takes_newcomers

register = template.Library()
register.simple_tag(takes_newcomers)
