"""Invitations for other programs: made, sent again, withdrawn."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from ninja import Query, Router

from organizations.api.bodies import checked, only, wrong
from organizations.api.problems import Problem
from organizations.api.scopes import IMPLIED, Scope
from organizations.api.shapes import (
    PROBLEMS,
    PageQuery,
    created,
    id_of,
    nothing,
    refuse_changed,
    shown,
)
from organizations.http import TenantRequest
from organizations.invitations import flows
from organizations.invitations.addresses import address_in
from organizations.invitations.flows import Outcome
from organizations.invitations.forms import InviteForm
from organizations.invitations.models import Invitation as Row
from organizations.invitations.seats import seats_of
from organizations.invitations.shapes import (
    Invitation,
    InvitationPage,
    NewInvitation,
    invitation_shapes,
)
from organizations.models import Role

router = Router(tags=["Invitations"])


@router.get(
    "/invitations",
    auth=Scope("members.invite"),
    response={200: InvitationPage, **PROBLEMS},
)
def list_invitations(request: TenantRequest, page: Query[PageQuery]) -> HttpResponse:
    """List invitations that nobody has answered or withdrawn, the newest first."""
    rows, after = Row.objects.waiting().select_related("team"), id_of(page.cursor)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: page.limit + 1])
    more = str(found[page.limit - 1].pk) if len(found) > page.limit else None
    items = invitation_shapes(found[: page.limit])
    return shown(request, InvitationPage(items=items, next=more))


@router.post(
    "/invitations",
    auth=Scope("members.invite"),
    response={201: Invitation, **PROBLEMS},
)
def create_invitation(request: TenantRequest, data: NewInvitation) -> HttpResponse:
    """Invite somebody by mail; the invitation keeps a seat for seven days."""
    address = address_in(data.email)
    if address is None:
        raise wrong("email", Outcome.INVALID.label)
    values = asked(request, data)
    (result,) = flows.invite(
        organization=request.organization, by=None, entries=[address], **values
    )
    refuse(request, result.outcome)
    made = Row.objects.waiting().get(email=address)
    return created(request, present(made.pk))


@router.get(
    "/invitations/{uuid:invitation_id}",
    auth=Scope("members.invite"),
    response={200: Invitation, **PROBLEMS},
)
def get_invitation(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Read one invitation, also when it was answered or withdrawn."""
    return shown(request, present(invitation_id))


@router.post(
    "/invitations/{uuid:invitation_id}/resend",
    auth=Scope("members.invite"),
    response={200: Invitation, **PROBLEMS},
)
def resend_invitation(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Mail an invitation again with another seven days; the former link ends."""
    invitation = get_object_or_404(Row, pk=invitation_id)
    if not flows.resend(invitation=invitation, by=None):
        raise closed()
    return shown(request, present(invitation_id))


@router.delete(
    "/invitations/{uuid:invitation_id}",
    auth=Scope("members.invite", makes_less=True),
    response={204: None, **PROBLEMS},
)
def revoke_invitation(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an invitation that nobody has answered yet."""
    with transaction.atomic():
        rows = Row.objects.select_related("team").select_for_update(of=("self",))
        invitation = get_object_or_404(rows, pk=invitation_id)
        refuse_changed(request, invitation_shapes([invitation])[0])
        if not flows.revoke(invitation=invitation, by=None):
            raise closed()
    return nothing()


def asked(request: TenantRequest, data: NewInvitation) -> dict[str, Any]:
    """Return the role and the team of an invitation; Problem when one is not given."""
    own, house = request.abilities | IMPLIED, request.organization
    values = {"role": data.role or house.joining_role, "team": data.team}
    form = InviteForm(values | {"addresses": data.email}, organization=house, own=own)
    if data.team and "team" not in form.fields:
        raise wrong("team", gettext("There is no such team."))
    found = checked(only(form, ("role", "team", "addresses")))
    return {"role": Role(found["role"]), "team": found.get("team")}


def refuse(request: TenantRequest, outcome: Outcome) -> None:
    """Raise what keeps an address from being invited; a missing seat is the plan's."""
    if outcome == Outcome.NO_SEAT:
        raise seats_of(request.organization).reached
    if outcome == Outcome.TOO_MANY:
        raise Problem("too_many_requests", str(outcome.label))
    if outcome != Outcome.SENT:
        raise Problem("conflict", str(outcome.label))


def closed() -> Problem:
    return Problem("conflict", gettext("That invitation is no longer open."))


def present(invitation_id: UUID) -> Invitation:
    rows = Row.objects.select_related("team")
    return invitation_shapes([get_object_or_404(rows, pk=invitation_id)])[0]
