"""The journey of a picture: drawn, counted, kept, recorded; and deleted for good."""

from typing import Any

from django.db import transaction

from accounts.pictures import TYPE
from organizations.audit.recording import record, using
from organizations.gallery.drawing import Drawing
from organizations.gallery.files import discard, keep, new_path
from organizations.gallery.models import Image
from organizations.limits.counting import claim, required
from organizations.limits.models import Key


def upload_image(*, drawing: Drawing, name: str, by: Any, alt: str = "") -> Image:
    """Keep a picture that was drawn anew; LimitReached when there is no room for it."""
    path = new_path(required())
    try:
        with transaction.atomic(using=using()):
            claim(Key.STORAGE, drawing.size)
            keep(path, drawing)
            image = Image.objects.create(
                name=name,
                alt=alt,
                file=path,
                content_type=TYPE,
                size=drawing.size,
                width=drawing.width,
                height=drawing.height,
                uploaded_by=by,
            )
            facts = {"name": name, "size": drawing.size}
            record("image.uploaded", image, by=by, after=facts)
    except BaseException:
        # No row names the files when the change was not kept.
        discard(path)
        raise
    return image
