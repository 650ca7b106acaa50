"""Ends a deleted organization before its thirty days have passed, for staff.

No role deletes an organization: staff can only say that its time is over, in the log,
and the one function that ends organizations then ends the one that waits longest.
"""

from datetime import UTC, datetime
from typing import Final

from django.core.management.base import CommandError
from django.db import transaction

from config.archives.finding import is_here
from organizations.audit.recording import record, using
from organizations.models import Organization
from organizations.purging import purge_next
from organizations.tenancy import identity, no_context, operator

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def end_now(organization: Organization) -> None:
    """End a deleted organization; CommandError when it was restored meanwhile."""
    with no_context(), operator(None, "org_delete"), transaction.atomic(using=using()):
        rows = Organization.objects.select_for_update()
        kept = rows.filter(pk=organization.pk).exclude(deleted_at=None).first()
        if kept is None:
            raise CommandError("It is not deleted.")
        before = {"deleted_at": kept.deleted_at}
        kept.deleted_at = LONG_AGO
        kept.save(update_fields=["deleted_at"])
        about = {"organization": str(kept.pk)}
        record("organization.time_ended", before=before, after=about, label=kept.slug)
    with no_context(), identity():
        while purge_next():
            # Another one may have waited longer: it was due, and goes first.
            if not is_here(organization.pk, "org_delete"):
                return
    raise CommandError("It could not be ended: somebody restored it meanwhile.")
