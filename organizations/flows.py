"""Journeys of organizations: making one, moving between them, who belongs to one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.addresses import SLUG_RULE, remember_address
from organizations.audit.recording import record, using
from organizations.models import LastOrganization, Membership, Organization, Role
from organizations.naming import prefix_from, slug_from, variants
from organizations.owners import keeping_an_owner
from organizations.preferences import (
    DEFAULTS,
    nested,
    valid_preferences,
)
from organizations.tenancy import as_user, no_context, tenant
from organizations.tenancy.models import uuid7

TRIES = 3


class SlugTaken(Exception):
    """Another organization has this address."""


def create_organization(
    *, user: Any, name: str, slug: str = "", task_prefix: str = ""
) -> Organization:
    """Make an organization owned by a person; SlugTaken when the address is not free.

    Without an address one is made from the name, and another if that is taken.
    """
    prefix = task_prefix or prefix_from(name)
    if slug:
        return found_organization(user, name, slug, prefix)
    wanted = slug_from(name)
    for _attempt in range(TRIES):
        try:
            return found_organization(user, name, wanted, prefix)
        except SlugTaken:
            wanted = free_slug(slug_from(name))
    raise SlugTaken(wanted)


def found_organization(
    user: Any, name: str, slug: str, task_prefix: str
) -> Organization:
    """Write a new organization and its owner.

    The id is chosen first and entered as the tenant, so that not even the first row
    needs a way round the policies.
    """
    organization = Organization(
        id=uuid7(), name=name, slug=slug, task_prefix=task_prefix
    )
    facts = {"name": name, "slug": slug, "task_prefix": task_prefix}
    with (
        no_context(),
        tenant(organization.pk, user),
        taken_as(slug),
        transaction.atomic(),
    ):
        organization.save(force_insert=True)
        membership = Membership(user=user, role=Role.OWNER)
        membership.save(force_insert=True)
        record("organization.created", organization, by=user, after=facts)
        record_added(membership, by=user)
    return organization


def record_added(
    membership: Membership, by: Any, how: Mapping[str, Any] | None = None
) -> None:
    after = {"role": membership.role, **(how or {})}
    record("member.added", membership, by=by, after=after, label=str(membership.user))


@contextmanager
def taken_as(slug: str) -> Iterator[None]:
    """Turn the unique index's refusal of an address into SlugTaken."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) == SLUG_RULE:
            raise SlugTaken(slug) from error
        raise


def broken_rule(error: Any) -> str:
    """Return the constraint that the database names in its refusal."""
    return error.__cause__.diag.constraint_name or ""


def free_slug(taken: str) -> str:
    """Return an address near a taken one that nobody has."""
    slug = taken
    for slug in variants(taken):
        if is_free(slug):
            break
    return slug


def is_free(slug: str) -> bool:
    """Return whether an address is free; the try leaves nothing behind.

    Other organizations are invisible, so only the unique index can tell.
    """
    probe = Organization(id=uuid7(), name=slug, slug=slug, task_prefix="PROBE")
    try:
        with no_context(), tenant(probe.pk), taken_as(slug), transaction.atomic():
            probe.save(force_insert=True)
            transaction.set_rollback(True)
    except SlugTaken:
        return False
    return True


def edit_organization(*, organization: Organization, by: Any, **values: Any) -> bool:
    """Change an organization's own facts; False when they are so already.

    The instance given stays as it was: after a refusal the page still shows it.
    """
    before = {name: getattr(organization, name) for name in values}
    changed = [name for name in values if values[name] != before[name]]
    if not changed:
        return False
    edited = copy(organization)
    for name in changed:
        setattr(edited, name, values[name])
    with taken_as(edited.slug), transaction.atomic(using=using()):
        edited.save(update_fields=changed)
        if "slug" in changed:
            remember_address(edited, left=before["slug"])
        record(
            "organization.changed",
            edited,
            by=by,
            before={name: before[name] for name in changed},
            after={name: values[name] for name in changed},
        )
    return True


def set_preferences(*, organization: Organization, by: Any, **chosen: Any) -> bool:
    """Change what an organization prefers, by the schema's keys; False when it does."""
    kept = {key: organization.preference(key) for key in DEFAULTS}
    wanted = nested(kept | chosen)
    valid_preferences(wanted)
    return edit_organization(organization=organization, by=by, settings=wanted)


def remember_organization(*, user: Any, organization: Any) -> None:
    """Note where a person works, for their next sign-in."""
    row = LastOrganization(user_id=user.pk, organization_id=organization.pk)
    with no_context(), as_user(user), transaction.atomic():
        LastOrganization.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["organization"],
        )


def add_member(
    *,
    organization: Any,
    user: Any,
    role: Role,
    by: Any,
    how: Mapping[str, Any] | None = None,
) -> Membership:
    """Make a person a member of the organization in whose context this runs.

    Who is one already stays what they are. `how` joins the role in the history.
    """
    with transaction.atomic(using=using()):
        membership, new = Membership.objects.get_or_create(
            organization_id=organization.pk, user=user, defaults={"role": role}
        )
        if new:
            record_added(membership, by=by, how=how)
    return membership


def change_role(*, membership: Membership, role: Role, by: Any) -> bool:
    """Give a member another role; False when it is theirs, LastOwner when it may not.

    Somebody else's change in between is seen: what is recorded is what was.
    """
    with keeping_an_owner(), transaction.atomic(using=using()):
        kept = Membership.objects.select_for_update().get(pk=membership.pk)
        if kept.role == role:
            return False
        before = {"role": kept.role}
        kept.role = role
        kept.save(update_fields=["role"])
        label = str(membership.user)
        after = {"role": role}
        record(
            "member.role_changed", kept, by=by, before=before, after=after, label=label
        )
    membership.role = role
    return True


def suspend_member(*, membership: Membership, by: Any, reason: str = "") -> bool:
    """Close the organization to a member; False when it is closed already."""
    return _set_suspended(membership, timezone.now(), "member.suspended", by, reason)


def unsuspend_member(*, membership: Membership, by: Any) -> bool:
    """Open the organization to a member again; False when it is open already."""
    return _set_suspended(membership, None, "member.unsuspended", by)


def _set_suspended(
    membership: Membership, moment: Any, action: str, by: Any, reason: str = ""
) -> bool:
    with keeping_an_owner(), transaction.atomic(using=using()):
        # No change for a row that another request has changed meanwhile.
        rows = Membership.objects.filter(
            pk=membership.pk, suspended_at__isnull=moment is not None
        )
        if not rows.update(suspended_at=moment):
            return False
        after = {"reason": reason} if reason else {}
        record(action, membership, by=by, after=after, label=str(membership.user))
    membership.suspended_at = moment
    return True


def remove_member(*, membership: Membership, by: Any) -> bool:
    """End a membership; False when it has ended. The person's account and work stay."""
    return _end(membership, "member.removed", by)


def leave(*, membership: Membership) -> bool:
    """End one's own membership; False when it has ended."""
    return _end(membership, "member.left", membership.user)


def _end(membership: Membership, action: str, by: Any) -> bool:
    rows = Membership.objects.filter(pk=membership.pk)
    with keeping_an_owner(), transaction.atomic(using=using()):
        # Read before it ends: who has left is no colleague whose name one may see.
        member = rows.select_related("user").first()
        gone, _tables = rows.delete()
        if member is None or not gone:
            return False
        role, label = {"role": member.role}, str(member.user)
        record(action, member, by=by, before=role, label=label)
    return True
