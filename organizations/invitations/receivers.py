"""Invitations meet the people they are for, and end with those who sent them."""

from typing import Any

from django.contrib.auth.signals import user_logged_in

from accounts.doors import INVITATION_KEY
from accounts.sessions import ORGANIZATION_KEY
from organizations.audit.recording import recorded
from organizations.flows import remember_organization
from organizations.invitations import flows
from organizations.invitations.models import Invitation
from organizations.limits.refusals import PlanRefusal

GOING = {"member.removed", "member.left", "member.suspended"}


def revoke_of_leaver(*, entry: Any, target: Any, **kwargs: Any) -> None:
    """Withdraw what a member had sent when they are gone or shut out."""
    if entry.action in GOING:
        theirs = Invitation.objects.waiting().filter(inviter_id=target.user_id)
        for invitation in theirs:
            flows.revoke(invitation=invitation, by=entry.actor_id)


def let_in(*, request: Any, user: Any, **kwargs: Any) -> None:
    """Let a person in who came to sign in by an invitation.

    Whatever stands in the way is told by the invitation's page, where they are sent.
    """
    carried = request.session.pop(INVITATION_KEY, None)
    invitation = flows.find(carried["token"]) if carried else None
    if invitation is None:
        return
    try:
        flows.accept(invitation=invitation, user=user)
    except (flows.NotUsable, flows.WrongAddress, PlanRefusal):
        return
    request.session[ORGANIZATION_KEY] = str(invitation.organization_id)
    remember_organization(user=user, organization=invitation.organization)


def connect() -> None:
    """Listen, once."""
    user_logged_in.connect(let_in, dispatch_uid="invitations.let_in")
    recorded.connect(revoke_of_leaver, dispatch_uid="invitations.revoke_of_leaver")
