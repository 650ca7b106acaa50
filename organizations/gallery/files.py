"""Where the files of a picture are: two beside each other, under a secret name."""

import secrets
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.pictures import SUFFIX
from organizations.gallery.drawing import Drawing
from organizations.models import files_of

BESIDE: Final = f"-thumbnail{SUFFIX}"


def new_path(organization_id: Any) -> str:
    """Return where the next picture of an organization goes."""
    return f"{files_of(organization_id)}/gallery/{secrets.token_hex(16)}{SUFFIX}"


def thumbnail_of(path: str) -> str:
    """Return where the thumbnail of a picture is."""
    return path.removesuffix(SUFFIX) + BESIDE


def keep(path: str, drawing: Drawing) -> None:
    """Write a picture and its thumbnail."""
    default_storage.save(path, ContentFile(drawing.full))
    default_storage.save(thumbnail_of(path), ContentFile(drawing.thumbnail))


def discard(path: str) -> None:
    """Delete a picture and its thumbnail, if they are there."""
    for name in (path, thumbnail_of(path)):
        default_storage.delete(name)
