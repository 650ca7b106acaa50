"""The words for a device on the page of signed-in devices."""

from django import template
from django.utils.translation import gettext

register = template.Library()

# The first that is named wins: most browsers also claim to be several others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def named(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in agent), "")


@register.filter
def device(agent: str) -> str:
    """Return what a person would call a browser, from what it calls itself."""
    browser, system = named(agent, BROWSERS), named(agent, SYSTEMS)
    if browser and system:
        words = gettext("%(browser)s on %(system)s")
        return words % {"browser": browser, "system": system}
    return browser or system or agent[:60] or gettext("Unknown browser")
