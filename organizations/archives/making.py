"""Writing the archive that an owner waits for, and ending it after a week."""

import secrets
import tempfile
from datetime import timedelta
from typing import IO, Any, Final

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.mail import absolute, mail_to
from accounts.models import User
from organizations.archives import files, landing, writing
from organizations.archives.models import Export, State
from organizations.archives.progress import progress
from organizations.models import files_of

log = structlog.get_logger("insula.archives")

LASTS: Final = timedelta(days=7)
MEMORY: Final = 2_000_000


def prepare(*, export: Export) -> bool:
    """Write an archive; False when it was not written now.

    Whatever goes wrong is told on the page: they ask once more when it suits them.
    """
    if export.state != State.ASKED:
        return False
    organization_id: Any = export.organization_id
    try:
        with tempfile.SpooledTemporaryFile(max_size=MEMORY) as made:
            with progress(export) as watch:
                facts = writing.write(organization_id, made, watch)
            export.size = made.seek(0, 2)
            made.seek(0)
            keep_as(export, keep(organization_id, made), facts)
    except Exception:
        log.exception("archive")
        fail(export)
        return False
    return True


@transaction.atomic
def fail(export: Export) -> None:
    """Note that an archive could not be written."""
    export.failed_at = timezone.now()
    export.save(update_fields=["failed_at"])
    landing.tell("archive.failed", export, {})


def tell(*, export: Export) -> None:
    """Mail whoever asked, unless they have left meanwhile."""
    where = absolute(reverse("archives:export_list"))
    words = {"address": where, "expires_at": export.expires_at}
    for person in User.objects.filter(pk=export.asked_by_id, is_active=True):
        mail_to(person, "archive_ready", **words).send()


def keep(organization_id: Any, made: IO[bytes]) -> str:
    """Store an archive under a name that nobody guesses."""
    folder = f"{files_of(organization_id)}/{files.ARCHIVES}"
    return default_storage.save(f"{folder}/{secrets.token_hex(16)}.zip", File(made))


def keep_as(export: Export, name: str, facts: dict[str, Any]) -> None:
    """Note a stored archive; one that nobody would know of is not kept."""
    try:
        finish(export, name, facts)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def finish(export: Export, name: str, facts: dict[str, Any]) -> None:
    """Note that an archive is ready, and for how long."""
    export.finished_at = timezone.now()
    export.expires_at = export.finished_at + LASTS
    export.file, export.sha256 = name, facts["sha256"]
    export.rows, export.files = facts["rows"], facts["files"]
    export.save(
        update_fields=[
            "finished_at",
            "expires_at",
            "file",
            "size",
            "rows",
            "files",
            "sha256",
        ]
    )
    facts = {"rows": export.rows, "files": export.files, "bytes": export.size}
    landing.tell("archive.ready", export, facts)


def discard(*, export: Export) -> bool:
    """Delete an archive's file; False when it has none."""
    if not export.file:
        return False
    default_storage.delete(export.file)
    export.file = ""
    export.save(update_fields=["file"])
    return True
