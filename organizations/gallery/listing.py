"""Reading pictures page by page, the newest first."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from organizations.gallery.models import Image

PAGE: Final = 24


class Place(NamedTuple):
    """Where a page ended: the moment and the id of its last picture."""

    before: datetime
    before_id: UUID


class Page(NamedTuple):
    """Some pictures, and where the next page begins; None behind the last."""

    images: list[Image]
    next: Place | None


def live(place: Place | None) -> Page:
    """Return a page of the gallery, by when pictures were uploaded."""
    return page(Image.objects.all(), "created_at", place)


def trashed(place: Place | None) -> Page:
    """Return a page of the trash, by when pictures were put there."""
    return page(Image.with_trash.exclude(deleted_at=None), "deleted_at", place)


def page(rows: QuerySet[Image], moment: str, place: Place | None) -> Page:
    """Return the rows behind a place; each page is read from an index."""
    if place:
        at: dict[str, Any] = {moment: place.before, "pk__gte": place.before_id}
        rows = rows.filter(**{f"{moment}__lte": place.before}).exclude(**at)
    found = list(rows.order_by(f"-{moment}", "-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return Page(found, None)
    last = found[PAGE - 1]
    return Page(found[:PAGE], Place(getattr(last, moment), last.pk))
