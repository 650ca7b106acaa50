"""The queue's jobs about people and organizations; what they do is told elsewhere."""

from typing import Any

from django.urls import reverse

from accounts.jobs import clear_expired_sessions, send_welcome, sweep_cache
from accounts.mail import absolute, mail_to
from accounts.models import User
from accounts.signals import person_changed
from organizations.models import able_owners
from organizations.purging import purge_deleted
from organizations.tenancy import identity, no_context
from organizations.tenancy.jobs import enqueue, job, periodic

welcome = job()(send_welcome)


@job()
def mail_deletion(*, user_id: str) -> None:
    """Tell an owner that the organization is deleted, and how to take that back."""
    owners = able_owners().select_related("user", "organization")
    owner = owners.filter(
        user_id=user_id, organization__deleted_at__isnull=False
    ).first()
    if owner is not None:
        mail_to(
            owner.user,
            "organization_deleted",
            organization=owner.organization,
            until=owner.organization.restorable_until,
            address=absolute(reverse("organizations:organization_list")),
        ).send()


@job()
def mail_confirmation(*, user_id: str) -> None:
    """Tell a person how to confirm their address, unless they have."""
    mail_way_in(user_id, "confirm_again", "account_login", email_verified=False)


@job()
def mail_password(*, user_id: str) -> None:
    """Tell a person how to set a new password."""
    mail_way_in(user_id, "password_again", "account_reset_password")


def mail_way_in(user_id: str, name: str, page: str, **still: bool) -> None:
    """Mail a person the page that mails them a code; nothing to a closed account."""
    with no_context(), identity():
        user = User.objects.filter(pk=user_id, **still).first()
        if user is not None and user.may_sign_in:
            mail_to(user, name, address=absolute(reverse(page))).send()


periodic("43 3 * * *")(purge_deleted)
periodic("17 3 * * *")(clear_expired_sessions)
periodic("7 * * * *")(sweep_cache)


def welcome_later(*, action: str, person: Any, **kwargs: Any) -> None:
    """Welcome a person once their address is confirmed, if the change is kept."""
    if action == "user.email_verified":
        with identity(person):
            enqueue(welcome, user_id=str(person.pk))


def connect() -> None:
    """Listen, once."""
    person_changed.connect(welcome_later, dispatch_uid="organizations.welcome")
