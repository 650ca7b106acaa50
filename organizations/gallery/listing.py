"""Reading pictures page by page, the newest first."""

from typing import Final

from organizations.gallery.models import Image
from organizations.paging import Page, Place, page_behind

PAGE: Final = 24


def live(place: Place | None) -> Page[Image]:
    """Return a page of the gallery, by when pictures were uploaded."""
    return page_behind(Image.objects.all(), "created_at", place, PAGE)


def trashed(place: Place | None) -> Page[Image]:
    """Return a page of the trash, by when pictures were put there."""
    rows = Image.with_trash.exclude(deleted_at=None)
    return page_behind(rows, "deleted_at", place, PAGE)
