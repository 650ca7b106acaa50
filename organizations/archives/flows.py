"""An owner asks for an archive of the organization."""

from typing import Any

from django.db import transaction

from organizations.archives import jobs
from organizations.archives.models import OPEN, Export
from organizations.audit.recording import record
from organizations.models import Organization
from organizations.tenancy.jobs import enqueue


@transaction.atomic
def ask(*, organization: Organization, by: Any) -> bool:
    """Have an archive written; False while one is being written already."""
    kept = Organization.objects.select_for_update().get(pk=organization.pk)
    if Export.objects.filter(OPEN).exists():
        return False
    export = Export.objects.create(asked_by=by)
    record("organization.exported", kept, by=by, after={"archive": str(export.pk)})
    enqueue(jobs.write_archive, export_id=str(export.pk))
    return True
