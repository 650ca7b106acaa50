"""Erasing a person: the row stays, and nothing in it says who they were.

What others made with them stays theirs, so no row that names the person is deleted
(ADR 10). Rooms above forget what they keep by listening to `forgetting`.
"""

from typing import Any, Final

import structlog
from django.db import transaction
from django.dispatch import Signal
from django.utils import translation

from accounts.banners.models import BannerDismissal
from accounts.flows import change_picture
from accounts.mail import mail
from accounts.models import ExternalIdentity, Session, Theme, User, offered_language
from organizations.audit.recording import record
from organizations.flows import leave
from organizations.models import LastOrganization, Membership, Organization, Role
from organizations.owners import LastOwner, keeping_an_owner
from organizations.personal import jobs
from organizations.personal.models import PersonalExport
from organizations.personal.parts import memberships
from organizations.tenancy import as_user, identity, no_context, tenant
from organizations.tenancy.jobs import enqueue

log = structlog.get_logger("insula.personal")

# Whose rows are a person's own way in: addresses, other accounts, devices, factors.
WAYS_IN: Final = {"account", "socialaccount", "usersessions", "mfa"}
FIRST_NAME, LAST_NAME = "Deleted", "person"

# Sent with `person`, their old `email`, its `neutral` successor and `organization_id`,
# once inside each of their organizations and once outside all of them, with None.
forgetting = Signal()


class SoleOwner(Exception):
    """Some organizations would be left without an owner."""

    def __init__(self, organizations: list[Organization]) -> None:
        super().__init__(", ".join(str(one) for one in organizations))
        self.organizations = organizations


class IsStaff(Exception):
    """Who works in the console gives that up first."""


def sole_owned(user: User) -> list[Organization]:
    """Return the organizations a person cannot leave, each asked in its own context."""
    found = []
    for membership in memberships(user):
        key: Any = membership.organization_id
        if membership.role == Role.OWNER:
            with no_context(), tenant(key, user):
                organization = Organization.objects.get(pk=key)
                if organization.deleted_at is None and membership.is_last_owner():
                    found.append(organization)
    return found


def erase(*, user: User, by: Any) -> str:
    """Erase a person; return the address that stands in place of theirs.

    SoleOwner while an organization has no other owner, IsStaff while they are staff.
    `user` is changed in place: what is recorded from now on has no name in it.
    """
    if user.is_staff or user.is_superuser:
        raise IsStaff
    if alone := sole_owned(user):
        raise SoleOwner(alone)
    email, language = user.email, user.language
    places = memberships(user)
    try:
        with keeping_an_owner(), transaction.atomic():
            neutralise(user)
            for membership in places:
                leave_and_forget(membership, user, email)
            forget_outside(user, email)
            with no_context(), identity(by):
                record("user.erased", user, by=by, after={"left": len(places)})
            transaction.on_commit(lambda: say_goodbye(email, language))
    except LastOwner as error:
        raise SoleOwner(sole_owned(user)) from error
    return user.email


def neutral_address(user: User) -> str:
    """Return what stands in the place of an erased person's address."""
    return f"deleted-{user.pk}@deleted.invalid"


def is_erased(user: User) -> bool:
    """Return whether a row is what is left of a person who was erased."""
    return not user.is_active and user.email == neutral_address(user)


def neutralise(user: User) -> None:
    """Overwrite the person's row, and delete every way in."""
    user.email = neutral_address(user)
    user.first_name, user.last_name = FIRST_NAME, LAST_NAME
    user.is_active = user.email_verified = user.banned = False
    user.ban_reason = user.ban_message = ""
    user.language, user.timezone, user.theme = "en", "UTC", Theme.SYSTEM
    user.ban_expires_at = user.last_login = user.welcomed_at = None
    user.set_unusable_password()
    with no_context(), identity(user):
        user.save()
        change_picture(user=user, squares=None)
        Session.objects.filter(user=user).delete()
        ExternalIdentity.objects.filter(user=user).delete()
        for relation in User._meta.related_objects:
            model: Any = relation.related_model
            if model._meta.app_label in WAYS_IN:
                model._base_manager.filter(**{relation.field.name: user}).delete()
        for export in PersonalExport.objects.filter(user=user):
            if export.file:
                enqueue(jobs.discard_export, name=export.file)
            export.delete()


def leave_and_forget(membership: Membership, user: User, email: str) -> None:
    """End one membership, which takes its assignments, offers and invitations along."""
    key: Any = membership.organization_id
    with no_context(), tenant(key, user):
        forget(user, email, key)
        leave(membership=membership)


def forget_outside(user: User, email: str) -> None:
    with no_context(), as_user(user):
        forget(user, email, None)
        LastOrganization.objects.filter(user=user).delete()
        BannerDismissal.objects.filter(user=user).delete()


def forget(user: User, email: str, organization_id: Any) -> None:
    forgetting.send(
        sender=User,
        person=user,
        email=email,
        neutral=user.email,
        organization_id=organization_id,
    )


def say_goodbye(email: str, language: str) -> None:
    """Mail the old address, now: a job would keep it in the queue."""
    try:
        with translation.override(offered_language(language)):
            mail("account_erased", email, {}).send()
    except OSError:
        log.exception("mail", template="account_erased")
