"""Lists that go on from a place: each page is read from an index, however far down."""

from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Place(NamedTuple):
    """Where a page ended: the moment and the id of its last row."""

    before: datetime
    before_id: UUID


class Page(NamedTuple, Generic[Row]):
    """Some rows, and where the next page begins; None behind the last."""

    rows: list[Row]
    next: Place | None


class PlaceForm(forms.Form):
    """Where a page begins; a place that makes no sense is the beginning."""

    before = forms.DateTimeField(required=False)
    before_id = forms.UUIDField(required=False)

    def place(self) -> Place | None:
        """Return the place that was asked for."""
        self.is_valid()
        before = self.cleaned_data.get("before")
        before_id = self.cleaned_data.get("before_id")
        return place_at(before, before_id) if before and before_id else None


def place_at(before: datetime, before_id: UUID) -> Place | None:
    """Return a place, its moment in UTC; None for a moment that is none there.

    The database knows fewer offsets than Python, and refuses the others.
    """
    try:
        return Place(before.astimezone(UTC), before_id) if before.tzinfo else None
    except OverflowError:
        return None


def page_behind(
    rows: QuerySet[Row], moment: str, place: Place | None, size: int
) -> Page[Row]:
    """Return the rows behind a place, the newest first by a column of moments."""
    if place:
        at: dict[str, Any] = {moment: place.before, "pk__gte": place.before_id}
        rows = rows.filter(**{f"{moment}__lte": place.before}).exclude(**at)
    found = list(rows.order_by(f"-{moment}", "-pk")[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    return Page(found[:size], Place(getattr(last, moment), last.pk))
