"""The end of removed files: thirty days to come back, then row, bytes and file go."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.limits.counting import release
from organizations.limits.models import Key
from organizations.models import RESTORABLE
from tasks.attachments.models import Attachment


def due_at() -> datetime:
    """Return when a file that is removed now is deleted."""
    return timezone.now() + RESTORABLE


def purge(attachment_id: str) -> bool:
    """Delete a file removed long enough ago; False when it is back, or not due yet."""
    with transaction.atomic():
        rows = Attachment.with_trash.select_for_update(of=("self",))
        due = rows.filter(pk=attachment_id, deleted_at__lte=timezone.now() - RESTORABLE)
        found = list(due.select_related("task"))
        for one in found:
            facts = {"attachment": str(one.pk), "name": one.name, "size": one.size}
            record("attachment.purged", one.task, before=facts)
        end(found)
    return bool(found)


def purge_with_tasks(*, tasks: Collection[Any], **kwargs: Any) -> None:
    """Delete the files of tasks that are deleted for good, the trash included."""
    end(list(Attachment.with_trash.filter(task__in=tasks)))


def end(attachments: Collection[Attachment]) -> None:
    """Delete rows and give their bytes back; the files go once that is kept."""
    if not attachments:
        return
    keys = [one.pk for one in attachments]
    Attachment.with_trash.filter(pk__in=keys).delete()
    release(Key.STORAGE, sum(one.kept_bytes for one in attachments))
    transaction.on_commit(lambda: discard(attachments))


def discard(attachments: Iterable[Attachment]) -> None:
    """Delete files of the storage, their small drawings included."""
    for one in attachments:
        default_storage.delete(one.path)
        if one.is_picture:
            default_storage.delete(one.thumbnail_path)
