"""The end of removed comments: thirty days to come back, then nothing is left of them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.models import RESTORABLE
from tasks.comments.models import Comment


def due_at() -> datetime:
    """Return when a comment that is removed now is deleted."""
    return timezone.now() + RESTORABLE


def purge(comment_id: str) -> bool:
    """Delete a comment removed long enough ago; False when it is back, or not due."""
    with transaction.atomic():
        rows = Comment.with_trash.select_for_update(of=("self",)).select_related("task")
        due = rows.filter(pk=comment_id, deleted_at__lte=timezone.now() - RESTORABLE)
        found = due.first()
        if found is None:
            return False
        record("comment.purged", found.task, before={"comment": comment_id})
        found.delete()
    return True
