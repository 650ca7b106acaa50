"""Deleting an organization, and taking that back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from organizations import jobs
from organizations.addresses import remember_address
from organizations.audit.recording import record, using
from organizations.flows import taken_as
from organizations.models import Organization, able_owners
from organizations.purging import restorable
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import enqueue


def delete_organization(*, organization: Organization, by: Any) -> bool:
    """Shut everybody out and tell all owners; False when it is deleted already."""
    with transaction.atomic(using=using()):
        kept = Organization.objects.select_for_update().get(pk=organization.pk)
        if kept.deleted_at is not None:
            return False
        kept.deleted_at = timezone.now()
        kept.save(update_fields=["deleted_at"])
        record("organization.deleted", kept, by=by)
        for owner in able_owners():
            enqueue(jobs.mail_deletion, user_id=str(owner.user_id))
    return True


def restore_organization(
    *, organization: Organization, by: Any, slug: str = "", reason: str = ""
) -> bool:
    """Bring a deleted organization back; False when it is open, or gone for good.

    SlugTaken when its address, or the one given instead, is another one's by now.
    """
    with transaction.atomic(using=using()):
        rows = restorable().select_for_update()
        kept = rows.filter(pk=organization.pk).first()
        if kept is None:
            return False
        before, left = kept.deleted_at, kept.slug
        kept.deleted_at, kept.slug = None, slug or kept.slug
        with taken_as(kept.slug):
            kept.save(update_fields=["deleted_at", "slug"])
        if kept.slug != left:
            remember_address(kept, left=left)
        facts = {"slug": kept.slug} | ({"reason": reason} if reason else {})
        record(
            "organization.undeleted",
            kept,
            by=by,
            before={"deleted_at": before, "slug": left},
            after=facts,
        )
    return True


def take_back(*, organization: Organization, by: Any, slug: str = "") -> bool:
    """Bring an organization back for one of its owners, who cannot enter it yet."""
    with no_context(), tenant(organization.pk, by):
        return restore_organization(organization=organization, by=by, slug=slug)
