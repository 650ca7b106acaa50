"""The end of pictures: thirty days in the trash, or sooner if somebody says so."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from organizations.audit.recording import record, using
from organizations.gallery.files import discard
from organizations.gallery.models import Image
from organizations.limits.counting import release
from organizations.limits.models import Key
from organizations.models import RESTORABLE
from organizations.queries import open_organizations
from organizations.tenancy import tenant


def purge(image: Image, *, by: Any = None) -> bool:
    """Delete a picture of the trash for good; False when it is not there.

    Its files go before the row is gone: after a failure the next try finds both again.
    """
    with transaction.atomic(using=using()):
        row = Image.with_trash.filter(pk=image.pk).exclude(deleted_at=None)
        gone, _tables = row.delete()
        if not gone:
            return False
        release(Key.STORAGE, image.size)
        record("image.purged", image, by=by, before={"size": image.size})
        discard(image.file)
    return True


def purge_trash() -> None:
    """Delete what has been in the trash of any organization for thirty days."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            for image in Image.with_trash.filter(deleted_at__lte=Now() - RESTORABLE):
                purge(image)
