"""What staff do to people and organizations: each act is recorded with its reason."""

from typing import Any

from django.db import transaction

from accounts.models import Session, User
from organizations import closing, flows
from organizations.audit.recording import record, using
from organizations.models import Membership, Organization
from organizations.owners import LastOwner, keeping_an_owner
from organizations.tenancy import tenant
from tasks.models import Task


def ban(person: User, *, by: Any, reason: str) -> bool:
    """Close the door to a person and end their sessions; False when it is closed.

    LastOwner when an open organization would be left without an owner.
    """
    if person.is_banned:
        return False
    person.banned, person.ban_reason, person.ban_expires_at = True, reason, None
    with keeping_an_owner(), transaction.atomic(using=using()):
        person.save(update_fields=["banned", "ban_reason", "ban_expires_at"])
        Session.objects.filter(user=person).delete()
        record("user.banned", person, by=by, after={"reason": reason})
    return True


def unban(person: User, *, by: Any, reason: str) -> bool:
    """Let a person in again; False when nothing keeps them out."""
    if not person.banned:
        return False
    before = {"reason": person.ban_reason}
    person.banned, person.ban_reason, person.ban_expires_at = False, "", None
    person.save(update_fields=["banned", "ban_reason", "ban_expires_at"])
    record("user.unbanned", person, by=by, before=before, after={"reason": reason})
    return True


def suspend(organization: Organization, *, by: Any, reason: str) -> bool:
    """Close an organization to its members; False when it is closed already."""
    if not organization.is_active:
        return False
    organization.is_active = False
    organization.save(update_fields=["is_active"])
    record("organization.suspended", organization, by=by, after={"reason": reason})
    return True


def restore(organization: Organization, *, by: Any, reason: str) -> bool:
    """Open an organization again; False when it is open."""
    if organization.is_active:
        return False
    organization.is_active = True
    organization.save(update_fields=["is_active"])
    record("organization.restored", organization, by=by, after={"reason": reason})
    return True


def undelete(organization: Organization, *, by: Any, reason: str) -> bool:
    """Bring a deleted organization back; False where its address is another one's."""
    try:
        return closing.restore_organization(
            organization=organization, by=by, reason=reason
        )
    except flows.SlugTaken:
        return False


def suspend_member(membership: Membership, *, by: Any, reason: str) -> bool:
    """Close an organization to a member; False for its last owner, or when closed."""
    with tenant(membership.organization_id, by):
        try:
            return flows.suspend_member(membership=membership, by=by, reason=reason)
        except LastOwner:
            return False


def trash(task: Task, *, by: Any, reason: str) -> bool:
    """Put a task in the trash; False when it is there."""
    if not Task.with_trash.filter(pk=task.pk).remove():
        return False
    record("task.removed", task, by=by, after={"reason": reason})
    return True


def untrash(task: Task, *, by: Any, reason: str) -> bool:
    """Take a task out of the trash; False when it is not there."""
    if not Task.with_trash.filter(pk=task.pk).restore():
        return False
    record("task.restored", task, by=by, after={"reason": reason})
    return True
