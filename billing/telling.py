"""Billing's mails: to whom they go, and one job for each of them."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.mail import absolute, mail_to
from billing.letters import LETTERS
from billing.models import Subscription
from organizations.models import Membership, Organization, Role
from organizations.permissions import effective
from organizations.tenancy.jobs import enqueue, job


@job()
def mail_about_billing(*, user_id: str, name: str) -> None:
    """Send a mail to somebody who may still pay, if what it says is still so."""
    member = next((m for m in payers() if str(m.user_id) == user_id), None)
    subscription = Subscription.objects.select_related("plan").first()
    if member is None or subscription is None:
        return
    letter = LETTERS[name](subscription)
    if letter is not None:
        organization = Organization.objects.get(pk=subscription.organization_id)
        values = {"organization": organization, "subscription": subscription}
        values["address"] = absolute(reverse("billing:overview"))
        mail_to(member.user, name, **values, **letter).send()


def tell(name: str) -> None:
    """Mail all who may change plan and payment, once the change is kept."""
    for member in payers():
        enqueue(mail_about_billing, user_id=str(member.user_id), name=name)


def payers() -> list[Membership]:
    """Return the members who may change plan and payment, and who can enter."""
    some = Q(role__in=[Role.OWNER, Role.ADMIN]) | ~Q(custom_role=None)
    members = Membership.objects.filter(
        some, suspended_at=None, user__is_active=True
    ).select_related("user", "custom_role")
    return [each for each in members if may_pay(each)]


def may_pay(member: Membership) -> bool:
    person: Any = member.user
    return not person.is_banned and "billing.edit" in effective(member)
