"""Making the copy that a person waits for, and ending it after a week."""

import secrets
import tempfile
from datetime import timedelta
from typing import IO, Final

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.flows import tell
from accounts.mail import absolute, mail_to
from accounts.models import User
from organizations.personal import archive
from organizations.personal.models import PersonalExport, State
from organizations.tenancy import identity, no_context

log = structlog.get_logger("insula.personal")

LASTS: Final = timedelta(days=7)
MEMORY: Final = 2_000_000


def prepare(*, user: User) -> bool:
    """Make the copy a person waits for and mail them; False when none is wanted.

    Whatever goes wrong is told on the page: they ask once more when it suits them.
    """
    export = PersonalExport.objects.filter(user=user).first()
    if export is None or export.state != State.ASKED:
        return False
    try:
        with tempfile.SpooledTemporaryFile(max_size=MEMORY) as made:
            archive.write(user, made)
            size = made.tell()
            made.seek(0)
            finish(user, keep(user, made), size)
    except Exception:
        log.exception("export")
        fail(user)
        return False
    return True


def keep(user: User, made: IO[bytes]) -> str:
    """Store a copy under a name that nobody guesses."""
    name = f"people/{user.pk}/{secrets.token_hex(16)}.zip"
    return default_storage.save(name, File(made))


def finish(user: User, name: str, size: int) -> None:
    """Note that a copy is ready, and mail where it is."""
    with no_context(), identity(user), transaction.atomic():
        expires_at = timezone.now() + LASTS
        PersonalExport.objects.filter(user=user).update(
            file=name, size=size, expires_at=expires_at
        )
        tell("user.export_ready", user, after={"bytes": size})
    # It says where the page is; only the person, signed in, gets the file there.
    where = absolute(reverse("personal:data"))
    mail_to(user, "export_ready", address=where, expires_at=expires_at).send()


@transaction.atomic
def fail(user: User) -> None:
    with no_context(), identity(user):
        PersonalExport.objects.filter(user=user, expires_at=None).update(
            failed_at=timezone.now()
        )
        tell("user.export_failed", user)


def expire() -> int:
    """Delete the copies whose week has passed; return how many there were."""
    old = PersonalExport.objects.exclude(file="").filter(expires_at__lt=timezone.now())
    for export in old:
        default_storage.delete(export.file)
        PersonalExport.objects.filter(pk=export.pk, file=export.file).update(file="")
    return len(old)
