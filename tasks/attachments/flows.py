"""Journeys of attachments: kept, removed, brought back, and gone for good."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from organizations.audit.recording import build, record, record_many
from organizations.limits.counting import claim
from organizations.limits.models import Key
from organizations.models import files_of
from organizations.tenancy.jobs import enqueue
from tasks.attachments import jobs
from tasks.attachments.kinds import clean_name, content_type_of, thumbnail_of
from tasks.attachments.models import Attachment
from tasks.attachments.purging import discard, due_at
from tasks.models import Task


class TooMany(Exception):
    """A task would have more files than one may have."""


def attach(*, task: Task, by: Any, uploads: Sequence[UploadedFile]) -> list[Attachment]:
    """Keep files with a task, all of them or none.

    TooMany when the task would have too many, LimitReached when there is no room.
    """
    drawn = [draw(task, by, upload) for upload in uploads]
    made = [one for one, _files in drawn]
    try:
        for _one, files in drawn:
            for path, data in files.items():
                default_storage.save(path, ContentFile(data))
        write(task, by, made)
    except BaseException:
        # Nothing names the new files when the change was not kept.
        discard(made)
        raise
    return made


def draw(
    task: Task, by: Any, upload: UploadedFile
) -> tuple[Attachment, dict[str, bytes]]:
    """Return the unsaved row of a file, and what to keep under names of its own."""
    data = upload.read()
    name = clean_name(upload.name or "")
    content_type = content_type_of(name, data)
    small = thumbnail_of(content_type, data)
    attachment = Attachment(
        task=task,
        organization_id=task.organization_id,
        uploaded_by=by,
        name=name,
        size=len(data),
        thumbnail_size=len(small),
        content_type=content_type,
        path=f"{files_of(task.organization_id)}/attachments/{secrets.token_hex(16)}",
    )
    files = {attachment.path: data}
    return attachment, files | ({attachment.thumbnail_path: small} if small else {})


def write(task: Task, by: Any, made: Sequence[Attachment]) -> None:
    """Write the rows of stored files, counted and recorded."""
    with transaction.atomic():
        require_place(task, len(made))
        claim(Key.STORAGE, sum(one.kept_bytes for one in made))
        Attachment.objects.bulk_create(made)
        record_many(
            [build("attachment.added", task, by=by, after=told(one)) for one in made]
        )


def require_place(task: Task, more: int) -> None:
    """Refuse more files than a task may have, however many come at once."""
    Task.objects.select_for_update().get(pk=task.pk)
    there = Attachment.objects.filter(task=task).count()
    if there + more > settings.ATTACHMENTS_MOST:
        raise TooMany


def remove_attachment(*, attachment: Attachment, by: Any) -> bool:
    """Put a file in the trash, to be deleted in thirty days; False when it is there."""
    with transaction.atomic():
        if not Attachment.objects.filter(pk=attachment.pk).remove():
            return False
        enqueue(jobs.purge_attachment, at=due_at(), attachment_id=str(attachment.pk))
        record("attachment.removed", attachment.task, by=by, after=told(attachment))
    return True


def restore_attachment(*, attachment: Attachment, by: Any) -> bool:
    """Take a file out of the trash; False when it is not there, TooMany without room."""
    with transaction.atomic():
        if Attachment.objects.filter(pk=attachment.pk).exists():
            return False
        require_place(attachment.task, 1)
        if not Attachment.with_trash.filter(pk=attachment.pk).restore():
            return False
        record("attachment.restored", attachment.task, by=by, after=told(attachment))
    return True


def told(one: Attachment) -> dict[str, Any]:
    """Return what history keeps of a file."""
    return {"attachment": str(one.pk), "name": one.name, "size": one.size}
