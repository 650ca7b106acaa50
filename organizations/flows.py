"""Journeys of organizations: making one, moving between them, who belongs to one."""

from typing import Any

from django.db import IntegrityError, transaction

from organizations.audit.recording import record
from organizations.models import LastOrganization, Membership, Organization, Role
from organizations.tenancy import as_user, no_context, tenant
from organizations.tenancy.models import uuid7


class SlugTaken(Exception):
    """Another organization has this address."""


def create_organization(
    *, user: Any, name: str, slug: str, task_prefix: str
) -> Organization:
    """Make an organization owned by a person; SlugTaken when the address is not free.

    The id is chosen first and entered as the tenant, so that not even the first row
    needs a way round the policies.
    """
    organization = Organization(
        id=uuid7(), name=name, slug=slug, task_prefix=task_prefix
    )
    with no_context(), tenant(organization.pk, user):
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
                membership = Membership.objects.create(user=user, role=Role.OWNER)
                record(
                    "organization.created",
                    organization,
                    after={"name": name, "slug": slug},
                )
                record("member.added", membership, after={"role": Role.OWNER})
        except IntegrityError as error:
            if "organizations_slug_uniq" in str(error):
                raise SlugTaken(slug) from error
            raise
    return organization


def remember_organization(*, user: Any, organization: Any) -> None:
    """Note where a person works, for their next sign-in."""
    with no_context(), as_user(user):
        LastOrganization.objects.update_or_create(
            user_id=user.pk, defaults={"organization_id": organization.pk}
        )


def add_member(*, organization: Any, user: Any, role: Role, by: Any) -> Membership:
    """Make a person a member of the organization in whose context this runs."""
    with transaction.atomic():
        membership = Membership.objects.create(
            organization_id=organization.pk, user=user, role=role
        )
        record("member.added", membership, by=by, after={"role": role})
    return membership


def suspend_member(*, membership: Membership, by: Any) -> bool:
    """Close the organization to a member; False when it is closed already."""
    with transaction.atomic():
        changed = membership.suspend()
        if changed:
            record("member.suspended", membership, by=by)
    return changed


def remove_member(*, membership: Membership, by: Any) -> None:
    """End a membership; the person's account and past work stay."""
    with transaction.atomic():
        record(
            "member.removed", membership, by=by, before={"role": membership.role}
        )
        membership.delete()
