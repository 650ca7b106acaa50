"""Small parts of the look that are too many for an include each."""

import hashlib
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from accounts.pictures import LARGE, SMALL, address
from organizations.limits.words import size_words

register = template.Library()
register.filter("bytes", size_words)

THEMES = {"light", "dark", "system"}
PRIORITY_NAMES = {1: "low", 3: "medium", 5: "high"}
CONTROL_CLASSES = {
    "checkbox": "",
    "checkboxselectmultiple": "",
    "radioselect": "",
    "select": "select",
    "selectmultiple": "select",
    "nullbooleanselect": "select",
    "textarea": "textarea",
}


@cache
def sprite() -> str:
    return static("img/icons.svg")


def drawing(name: str, classes: str, label: str = "") -> SafeString:
    role = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"/></svg>',
        classes,
        role if label else mark_safe('aria-hidden="true"'),
        sprite(),
        name,
    )


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return drawing(name, classes)


@register.simple_tag
def status_icon(status: str, label: str = "") -> SafeString:
    spoken = gettext("Status: %s") % label if label else ""
    return drawing(f"s-{status}", f"status-icon {status}", spoken)


@register.simple_tag
def priority_icon(priority: int, label: str = "") -> SafeString:
    name = PRIORITY_NAMES[priority]
    spoken = gettext("Priority: %s") % label if label else ""
    return drawing(f"p-{name}", f"prio {name}", spoken)


def initials(name: str) -> str:
    words = name.split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else name.strip()[:2]
    return letters.upper()


def hue(thing: Any) -> int:
    """One of six colours, the same for a person or organization everywhere."""
    if hasattr(thing, "hue"):
        return thing.hue
    return hashlib.md5(thing.pk.bytes, usedforsecurity=False).digest()[0] % 6 + 1


@register.simple_tag
def avatar(thing: Any, classes: str = "", *, spoken: bool = False) -> SafeString:
    """A picture, or initials on a colour; spoken where no name stands beside it."""
    name = str(thing)
    if where := picture_of(thing, LARGE if "lg" in classes else SMALL):
        return pictured(where, classes, name if spoken else "")
    told = format_html('role="img" aria-label="{0}" title="{0}"', name)
    return format_html(
        '<span class="avatar h{} {}" {}>{}</span>',
        hue(thing),
        classes,
        told if spoken else mark_safe('aria-hidden="true"'),
        initials(name),
    )


def picture_of(thing: Any, size: int) -> str:
    """Where a thing's picture is; one that was not loaded is not asked for."""
    loaded = vars(thing)
    if image := str(loaded.get("image") or ""):
        return address("person", thing.pk, image, size)
    if logo := str(loaded.get("logo") or ""):
        return address("organization", thing.pk, logo, size)
    return ""


def pictured(where: str, classes: str, name: str) -> SafeString:
    return format_html(
        '<img class="avatar {}" src="{}" alt="{}"{}>',
        classes,
        where,
        name,
        format_html(' title="{}"', name) if name else "",
    )


@register.simple_tag
def control(field: BoundField, size: str = "") -> SafeString:
    """A form's widget in our classes; a label is always there, so no placeholder
    may repeat it."""
    kind = CONTROL_CLASSES.get(field.widget_type, "input")
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{kind} {size} {own}".strip() or False}
    if field.field.widget.attrs.get("placeholder") in {
        field.label,
        gettext("Email address"),
    }:
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def theme(context: RequestContext) -> SafeString:
    """The theme as an attribute of the document: this device's choice, then one's own,
    then the organization's.

    It is written by the server so that no page flashes in the wrong light.
    """
    request = context.get("request")
    chosen = theme_of(request) if request else "system"
    if chosen == "system":
        return mark_safe("")
    return format_html('data-theme="{}"', chosen)


def theme_of(request: Any) -> str:
    """Return the theme that somebody sees the product in."""
    chosen: str = request.COOKIES.get("theme", "")
    if chosen not in THEMES:
        chosen = getattr(getattr(request, "user", None), "theme", "system")
        organization = getattr(request, "organization", None)
        if chosen == "system" and organization is not None:
            chosen = organization.preference("theme")
    return chosen


@register.simple_tag
def current(section: str, link: str) -> SafeString:
    """Mark a link of the frame whose section is shown."""
    return SafeString('aria-current="page"' if section == link else "")


@register.simple_tag(takes_context=True)
def here(context: RequestContext, *names: str) -> SafeString:
    """Mark a navigation link whose page, or a page below it, is shown."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or not match.view_name.startswith(names):
        return mark_safe("")
    return mark_safe('aria-current="page"')
