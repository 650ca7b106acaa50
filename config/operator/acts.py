"""What staff do to people and organizations: each act is recorded with its reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import Session, User
from organizations import closing, flows
from organizations.audit.recording import record, using
from organizations.invitations.flows import revoke
from organizations.invitations.models import Invitation
from organizations.limits.counting import within_limits
from organizations.limits.refusals import LimitReached
from organizations.members.flows import withdraw_offer
from organizations.members.models import OwnershipOffer
from organizations.models import Membership, Organization
from organizations.owners import LastOwner, keeping_an_owner
from organizations.support.visiting import end_of
from organizations.tenancy import tenant
from tasks.models import Task

BAN = ("banned", "ban_reason", "ban_message", "ban_expires_at")


def ban(
    person: User,
    *,
    by: Any,
    reason: str,
    message: str = "",
    until: datetime | None = None,
    closing: Iterable[Organization] = (),
) -> bool:
    """Close the door to a person and end what they began; False when it is closed.

    LastOwner when an organization would be left open without an owner; those in
    `closing` are suspended with the ban.
    """
    if person.is_banned:
        return False
    with keeping_an_owner(), transaction.atomic(using=using()):
        for organization in closing:
            suspend(organization, by=by, reason=reason)
        set_ban(person, True, reason, message, until)
        Session.objects.filter(user=person).delete()
        UserSession.objects.filter(user=person).delete()
        end_of(person)
        withdraw_what_they_sent(person, by)
        after = {"reason": reason, "message": message, "until": until}
        kept = {name: value for name, value in after.items() if value}
        record("user.banned", person, by=by, after=kept)
    return True


def set_ban(
    person: User,
    banned: bool,
    reason: str = "",
    message: str = "",
    until: datetime | None = None,
) -> None:
    person.banned, person.ban_reason, person.ban_message = banned, reason, message
    person.ban_expires_at = until
    person.save(update_fields=BAN)


def withdraw_what_they_sent(person: User, by: Any) -> None:
    """End the invitations and offers by which somebody could still come in."""
    sent = Invitation.objects.waiting().filter(inviter=person)
    for invitation in sent.order_by("organization_id", "pk"):
        with tenant(invitation.organization_id, by):
            revoke(invitation=invitation, by=by)
    offers = OwnershipOffer.open.filter(offered_by__user=person)
    for offer in offers.order_by("organization_id", "pk"):
        with tenant(offer.organization_id, by):
            withdraw_offer(offer=offer, by=by)


def unban(person: User, *, by: Any, reason: str) -> bool:
    """Let a person in again; False when nothing keeps them out."""
    if not person.banned:
        return False
    before = {"reason": person.ban_reason}
    with transaction.atomic(using=using()):
        set_ban(person, False)
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
    """Take a task out of the trash; False when it is not there, or does not fit."""
    try:
        with within_limits(), transaction.atomic(using=using()):
            if not Task.with_trash.filter(pk=task.pk).restore():
                return False
            record("task.restored", task, by=by, after={"reason": reason})
    except LimitReached:
        return False
    return True
