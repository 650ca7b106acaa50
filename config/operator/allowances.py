"""What an organization has and may have, and where each limit comes from."""

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from organizations.limits.counting import usage
from organizations.limits.models import Key
from organizations.limits.words import amount_words
from organizations.models import Organization
from organizations.tenancy import tenant


def allowances(organization: Organization) -> str:
    """Return the table of an organization's limits and what it uses of them."""
    return render_to_string("admin/limits.html", {"lines": list(lines(organization))})


def lines(organization: Organization) -> Iterator[dict[str, Any]]:
    """Yield what can be limited, how much of it there is, and who said so."""
    with tenant(organization):
        used = {use.key: use.used_words for use in usage()}
    for key in Key:
        limit = organization.limit(key)
        own = key in organization.limit_overrides
        yield {
            "label": key.label,
            "used": used.get(key, ""),
            "limit": _("No limit") if limit is None else amount_words(key, limit),
            "source": _("Staff") if own else _("Plan"),
        }
