"""What the clock does for the whole house."""

from django.conf import settings

from config.backups.making import back_up
from config.proofs import prove_and_note
from organizations.tenancy.jobs import periodic


@periodic("23 2 * * *", queue="backups")
def back_up_nightly() -> None:
    """Make the night's backup, where a folder for backups is set."""
    if settings.BACKUP_DIR is not None:
        back_up(settings.BACKUP_DIR, settings.BACKUP_KEEP)


# Where the worker has no owner's connection, `check_isolation` has to be run.
periodic("33 4 * * *")(prove_and_note)
