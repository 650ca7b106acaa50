"""Keys as the page lists them."""

from typing import Final

from django.db.models import QuerySet

from organizations.api.models import ApiKey
from organizations.paging import Page, Place, page_behind

PAGE: Final = 50
# Ended keys are there to be recognized, not to be kept in mind.
ENDED: Final = 10


def open_keys() -> QuerySet[ApiKey]:
    """Return the keys that were not revoked; some may have expired."""
    return ApiKey.objects.filter(revoked_at=None)


def key_page(place: Place | None) -> Page[ApiKey]:
    """Return a page of the keys that were not revoked, the newest first."""
    return page_behind(open_keys(), "created_at", place, PAGE)


def ended_keys() -> list[ApiKey]:
    """Return the keys that were revoked last."""
    rows = ApiKey.objects.exclude(revoked_at=None)
    return list(rows.order_by("-revoked_at", "-pk")[:ENDED])
