"""What a banned person is told, for a few minutes, after the right password."""

import time
from typing import Any

from django import template
from django.template.context import RequestContext

from accounts.adapter import BAN_TOLD_SECONDS

register = template.Library()


@register.simple_tag(takes_context=True)
def told_ban(context: RequestContext) -> dict[str, Any] | None:
    """The ban that this browser was just refused for, if it was."""
    session = context["request"].session
    ban: dict[str, Any] | None = session.get("ban")
    if ban and time.time() - ban["at"] > BAN_TOLD_SECONDS:
        del session["ban"]
        return None
    return ban
