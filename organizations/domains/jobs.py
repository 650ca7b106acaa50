"""Mail about wishes to join."""

from django.urls import reverse

from accounts.mail import absolute, mail_to
from organizations.domains.models import UNANSWERED, JoinRequest
from organizations.models import Membership, Role
from organizations.tenancy.jobs import job


@job()
def mail_request(*, request_id: str) -> None:
    """Tell owners and admins that somebody asks to join, unless it was answered."""
    wish = JoinRequest.objects.filter(UNANSWERED, pk=request_id).first()
    if wish is None:
        return
    answering = Membership.objects.filter(
        role__in=[Role.OWNER, Role.ADMIN], suspended_at=None
    )
    for member in answering.select_related("user"):
        mail_to(
            member.user,
            "join_request",
            wish=wish,
            organization=wish.organization,
            address=absolute(reverse("domains:request_list")),
        ).send()


@job()
def mail_answer(*, request_id: str) -> None:
    """Tell who asked that they are in."""
    wish = JoinRequest.objects.exclude(approved_at=None).get(pk=request_id)
    member = Membership.objects.filter(user_id=wish.user_id).select_related("user")
    for one in member:
        mail_to(
            one.user,
            "join_request_answered",
            organization=wish.organization,
            address=absolute("/"),
        ).send()
