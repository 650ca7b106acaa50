"""In the place of what somebody may not do: what it takes."""

from collections import defaultdict
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from config.templatetags.design import icon
from organizations.permissions import ABILITIES, roles_with

register = template.Library()


@register.simple_tag(takes_context=True)
def why(context: Context, *abilities: str) -> SafeString:
    """Say which of these abilities the reader lacks, and which roles have them."""
    own: Any = context.get("abilities")
    if own is None:
        own = context["request"].abilities
    lacking: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for ability in abilities:
        if ability not in own:
            roles = tuple(str(role.label) for role in roles_with(ability))
            lacking[roles].append(str(ABILITIES[ability][1]))
    if not lacking:
        return SafeString("")
    sentences = [
        _("To %(do)s you need the role %(roles)s.")
        % {
            "do": get_text_list(words, _("or")),
            "roles": get_text_list(list(roles), _("or")),
        }
        for roles, words in lacking.items()
    ]
    return format_html(
        '<p class="why small muted">{} <span>{}</span></p>',
        icon("lock", "sm"),
        format_html_join(" ", "{}", ((sentence,) for sentence in sentences)),
    )
