"""The part of a task's page that is about files."""

from typing import Any

from django.conf import settings

from organizations.limits.words import size_words
from tasks.attachments.forms import FilesForm
from tasks.attachments.models import Attachment
from tasks.attachments.purging import purge_with_tasks
from tasks.models import Task
from tasks.signals import purging, showing


def files(*, task: Task, **kwargs: Any) -> dict[str, Any]:
    """Return a task's files, and the form for more."""
    rows = Attachment.objects.filter(task=task).order_by("created_at", "pk")
    return {
        "files": [(one, size_words(one.size)) for one in rows],
        "files_form": FilesForm(),
        "largest": size_words(settings.ATTACHMENT_MAX_BYTES),
    }


def connect() -> None:
    """Listen, once."""
    showing.connect(files, dispatch_uid="attachments.files")
    purging.connect(purge_with_tasks, dispatch_uid="attachments.purge_with_tasks")
