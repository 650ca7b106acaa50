"""Reading invoices page by page, the newest first."""

from typing import Final

from billing.models import Invoice
from organizations.paging import Page, Place, page_behind

PAGE: Final = 50
SHORT: Final = 5


def page(place: Place | None) -> Page[Invoice]:
    """Return the invoices behind a place."""
    return page_behind(Invoice.objects.all(), "issued_at", place, PAGE)


def newest(count: int) -> list[Invoice]:
    """Return the newest invoices."""
    return list(Invoice.objects.order_by("-issued_at", "-pk")[:count])
