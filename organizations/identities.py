"""What organizations are elsewhere, noted by whoever brings them over."""

from typing import Any

from django.db import IntegrityError, transaction

from organizations.audit.recording import record, using
from organizations.models import ExternalOrganization, Organization


class OrganizationTaken(Exception):
    """Another organization is known by this id already."""


def note_organization(
    *, organization: Organization, provider: str, external_id: str, by: Any
) -> bool:
    """Note what an organization is elsewhere; False when it is noted already."""
    key = {"provider": provider, "external_id": external_id}
    own = ExternalOrganization.objects.filter(organization=organization, **key)
    if own.exists():
        return False
    try:
        with transaction.atomic(using=using()):
            own.create(organization=organization, **key)
            record("organization.identity_noted", organization, by=by, after=key)
    except IntegrityError as error:
        raise OrganizationTaken(f"{provider} {external_id}") from error
    return True
