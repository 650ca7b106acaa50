"""Reading invoices page by page, the newest first."""

from typing import Final, NamedTuple

from billing.forms import Place
from billing.models import Invoice

PAGE: Final = 50
SHORT: Final = 5


class Page(NamedTuple):
    """Some invoices, and where the next page begins; None behind the last."""

    invoices: list[Invoice]
    next: Place | None


def page(place: Place | None) -> Page:
    """Return the invoices behind a place, read from an index."""
    rows = Invoice.objects.all()
    if place:
        rows = rows.filter(issued_at__lte=place.before)
        rows = rows.exclude(issued_at=place.before, pk__gte=place.before_id)
    found = list(rows.order_by("-issued_at", "-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return Page(found, None)
    last = found[PAGE - 1]
    return Page(found[:PAGE], Place(last.issued_at, last.pk))


def newest(count: int) -> list[Invoice]:
    """Return the newest invoices."""
    return list(Invoice.objects.order_by("-issued_at", "-pk")[:count])
