"""The registry of keys, for whoever draws it."""

from typing import Any

from django import template

from config.hotkeys import GROUPS

register = template.Library()


@register.simple_tag
def key_groups() -> Any:
    return GROUPS
