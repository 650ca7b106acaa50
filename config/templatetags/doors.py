"""Whether a page may offer to make an account."""

from typing import Any

from django import template

from accounts import doors

register = template.Library()


@register.simple_tag(takes_context=True)
def takes_newcomers(context: Any) -> bool:
    return doors.takes_newcomers(context["request"])
