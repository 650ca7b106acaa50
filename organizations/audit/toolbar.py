"""The filters that have no select of their own, as chips that can be taken away."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chip:
    """One filter with the address of the list without it."""

    label: str | Promise
    value: str
    without: str


def chips(filters: dict[str, str], lines: list[Any]) -> list[Chip]:
    """Return the chips of a list's filters, in the order they are shown."""
    found = []
    if "object" in filters:
        # The newest entry knows what the object is called now.
        known = lines[0].entry.target_label if lines else ""
        name = known or filters["object"]
        found.append(Chip(_("Object"), name, without(filters, "object", "type")))
    elif "type" in filters:
        found.append(Chip(_("Kind"), filters["type"], without(filters, "type")))
    for name, label in (
        ("request", _("Request")),
        ("since", _("From")),
        ("until", _("To")),
    ):
        if name in filters:
            found.append(Chip(label, filters[name], without(filters, name)))
    return found


def without(filters: dict[str, str], *names: str) -> str:
    left = {name: value for name, value in filters.items() if name not in names}
    return f"?{urlencode(left)}"
