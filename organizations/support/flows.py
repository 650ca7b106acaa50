"""Journeys of write access: asked for by staff, granted and taken back by owners."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.impersonation.models import Impersonation
from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.models import Organization
from organizations.support.models import SupportGrant
from organizations.tenancy import no_context, tenant
from organizations.tenancy.context import for_the_record


@transaction.atomic
def grant_access(*, organization: Organization, by: Any, hours: int) -> SupportGrant:
    """Let staff who look on change things for some hours; a former grant ends."""
    # Two owners at once are one after the other.
    Organization.objects.select_for_update().get(pk=organization.pk)
    former = SupportGrant.objects.filter(revoked_at=None)
    former.update(revoked_at=timezone.now())
    ends_at = timezone.now() + timedelta(hours=hours)
    grant = SupportGrant.objects.create(granted_by=by, ends_at=ends_at)
    record(
        "support.granted",
        grant,
        by=by,
        after={"until": ends_at},
        label=str(grant.organization),
    )
    return grant


@transaction.atomic
def revoke_access(*, by: Any) -> bool:
    """Take write access back at once; False when there is none."""
    grant = SupportGrant.live.select_for_update().first()
    if grant is None:
        return False
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    record(
        "support.revoked",
        grant,
        by=by,
        before={"until": grant.ends_at},
        label=str(grant.organization),
    )
    return True


def ask_access(*, impersonation: Impersonation, sentence: str) -> bool:
    """Ask the owners for write access; False when this stay has asked already."""
    staff, organization_id = impersonation.staff, impersonation.organization_id
    with (
        for_the_record(),
        no_context(),
        tenant(organization_id, staff),
        transaction.atomic(),
    ):
        asked = AuditEntry.objects.filter(
            target_type=Impersonation._meta.label_lower,
            target_id=str(impersonation.pk),
            action="support.asked",
        )
        if asked.exists():
            return False
        record("support.asked", impersonation, by=staff, after={"reason": sentence})
    return True
