"""Taking room for a file before it is kept, and giving it back when it is gone.

Whoever keeps files of an organization counts them here, in the change's transaction:

    with transaction.atomic():
        take(len(data))
        name = default_storage.save(path, ContentFile(data))
        ...
"""

from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext

from organizations.audit.recording import using
from organizations.models import Organization
from organizations.storage.models import StorageUse
from organizations.storage.words import size_words
from organizations.tenancy.context import NoTenant, required_organization

LIMIT = "storage_bytes"


class Room(NamedTuple):
    """What an organization's files take, and what they may; None means no limit."""

    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        """How much more may be kept; None means any amount."""
        return None if self.limit is None else max(0, self.limit - self.used)


class QuotaExceeded(Exception):
    """A file would take more room than the organization has left."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.room = room

    def __str__(self) -> str:
        sizes = {
            "left": size_words(self.room.left or 0),
            "limit": size_words(self.room.limit or 0),
        }
        words = gettext(
            "There is no room for this file: %(left)s of %(limit)s are left. What is in"
            " the trash still counts; deleting it for good makes room."
        )
        return words % sizes


def take(size: int) -> None:
    """Count bytes that are about to be kept; QuotaExceeded when there is no room.

    The row stays locked until the transaction ends: of two files at once the second is
    measured with the first, and one whose change is not kept is not counted.
    """
    with transaction.atomic(using=using()):
        limit = limit_now()
        StorageUse.objects.get_or_create()
        rows = StorageUse.objects.all()
        if limit is not None:
            rows = rows.filter(bytes__lte=limit - size)
        if not rows.update(bytes=F("bytes") + size):
            raise QuotaExceeded(room())


def give(size: int) -> None:
    """Count bytes that are no longer kept, in the transaction that lets them go."""
    required()
    StorageUse.objects.update(bytes=Greatest(F("bytes") - size, 0))


def room() -> Room:
    """Return what the active organization's files take and may take."""
    limit = limit_now()
    used = StorageUse.objects.values_list("bytes", flat=True).first()
    return Room(used or 0, limit)


def limit_now() -> int | None:
    """Return the limit as it is now; the request's organization was read before."""
    return Organization.objects.only("limits").get(pk=required()).limit(LIMIT)


def required() -> UUID:
    """Return the organization whose files are counted; staff must have entered it."""
    organization_id = required_organization()
    if organization_id is None:
        raise NoTenant("files are counted inside an organization")
    return organization_id
