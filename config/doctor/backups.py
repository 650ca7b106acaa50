"""When the data was last copied, as the platform's log has it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from config.doctor.asking import is_server
from config.doctor.finding import Finding
from config.proofs import newest

MADE: Final = "backup.made"
FAILED: Final = "backup.failed"
# A day, and two hours for one that took longer.
LASTS: Final = timedelta(hours=26)


def backup_is_recent() -> Iterator[Finding]:
    """Only where the log can be read, and where there is something to lose."""
    if "operator" not in connections:
        return
    made, last = newest(MADE), newest(MADE, FAILED)
    if is_server() and (made is None or made.created_at < timezone.now() - LASTS):
        yield Finding("D241", _("No backup was made within a day."))
    if last is not None and last.action == FAILED:
        yield Finding("D242", _("The last backup failed."))
