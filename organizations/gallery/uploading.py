"""Several files at once: each becomes a picture, or is refused in words of its own."""

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.forms import read_picture
from organizations.forms import visible_name
from organizations.gallery.drawing import drawn
from organizations.gallery.flows import upload_image
from organizations.gallery.models import NAME_LENGTH, Image
from organizations.limits.refusals import LimitReached


class Refusal(NamedTuple):
    """A file that was not kept, and why."""

    name: str
    reason: str


def upload_all(
    files: Iterable[UploadedFile],
    *,
    by: Any,
    told: Callable[[LimitReached], str] = str,
) -> tuple[list[Image], list[Refusal]]:
    """Keep every file that is a picture and for which there is room.

    `told` says in words that there is none.
    """
    made, refused = [], []
    for file in files:
        shown = "".join(filter(str.isprintable, file.name or ""))
        try:
            drawing = read_picture(file, drawn)
            made.append(upload_image(drawing=drawing, name=name_from(shown), by=by))
        except ValidationError as error:
            refused.append(Refusal(shown, " ".join(error.messages)))
        except LimitReached as error:
            refused.append(Refusal(shown, told(error)))
    return made, refused


def name_from(file_name: str) -> str:
    """Return what a picture is called until somebody says otherwise."""
    name = PurePath(file_name).stem.strip()[:NAME_LENGTH].strip()
    try:
        visible_name(name)
    except ValidationError:
        return _("Picture")
    return name
