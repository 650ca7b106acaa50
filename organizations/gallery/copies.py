"""The pictures a person has uploaded, for the copy they may ask for."""

from typing import Any

from organizations.gallery.models import Image
from organizations.personal.parts import Rows, collecting


def images_of(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return what a person has uploaded to the active organization."""
    found = Image.with_trash.filter(uploaded_by=person).order_by("pk")
    return "pictures", found.values("name", "alt", "size", "created_at", "deleted_at")


def connect() -> None:
    """Listen, once."""
    collecting.connect(images_of, dispatch_uid="gallery.images_of")
