"""What the pages of second factors say besides allauth's words."""

from typing import Any
from urllib.parse import quote

from django import template

from accounts.sessions import WANTED_KEY

register = template.Library()


@register.simple_tag(takes_context=True)
def wanted(context: Any) -> str:
    """Return the organization that sent the person here for a second factor."""
    found: str = context["request"].session.get(WANTED_KEY, {}).get("organization", "")
    return found


@register.filter
def halved(code: str) -> str:
    """Return a code in two groups, as it is easier to copy by hand."""
    middle = len(code) // 2
    return f"{code[:middle]} {code[middle:]}"


@register.filter
def as_file(codes: list[str]) -> str:
    """Return codes as an address that a browser saves as a text file."""
    return "data:text/plain;charset=utf-8," + quote("\n".join(codes) + "\n")
