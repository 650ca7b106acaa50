"""Pages for inviting people, and for the invited."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.doors import INVITATION_KEY
from accounts.flows import sign_out
from organizations.decorators import member_can, public, signed_in
from organizations.http import TenantRequest
from organizations.invitations import flows
from organizations.invitations.drawing import qr_code
from organizations.invitations.forms import InviteForm, LinkForm, MineForm, PlaceForm
from organizations.invitations.models import Invitation, State
from organizations.invitations.seats import seats_of
from organizations.limits.answers import explained
from organizations.limits.refusals import (
    BadStanding,
    LimitReached,
    PlanRefusal,
    told_outside,
)
from organizations.tenancy import identity, no_context
from organizations.views import enter

PAGE = 50


@require_GET
@member_can("members.invite")
def invitation_list(request: TenantRequest) -> HttpResponse:
    place = PlaceForm(request.GET)
    rows = Invitation.objects.waiting().select_related("inviter", "team")
    rows = rows.order_by("-pk")
    if place.is_valid() and place.cleaned_data["after"]:
        rows = rows.filter(pk__lt=place.cleaned_data["after"])
    found = list(rows[: PAGE + 1])
    context = {
        "invitations": found[:PAGE],
        "after": found[PAGE - 1].pk if len(found) > PAGE else None,
        "seats": seats_of(request.organization),
    }
    page = "invitations/invitation_list.html"
    if request.htmx and not request.htmx.history_restore_request:
        page += "#rows"
    return render(request, page, context)


@require_http_methods(["GET", "POST"])
@member_can("members.invite")
def invitation_create(request: TenantRequest) -> HttpResponse:
    posted, house = request.method == "POST", request.organization
    sent = (request.POST, request.FILES) if posted else ()
    form = InviteForm(*sent, organization=house, own=request.abilities)
    context: dict[str, Any] = {"form": form, "seats": seats_of(request.organization)}
    page = "invitations/invitation_create.html"
    if not form.is_valid():
        return render(request, page, context, status=422 if posted else 200)
    results = flows.invite(
        organization=request.organization,
        by=request.user,
        entries=form.cleaned_data["entries"],
        role=form.cleaned_data["role"],
        team=form.cleaned_data.get("team"),
    )
    if all(one.outcome == flows.Outcome.SENT for one in results):
        words = ngettext("%(n)d invited", "%(n)d invited", len(results))
        messages.success(request, words % {"n": len(results)})
        return redirect("invitations:invitation_list")
    return results_page(request, form, results)


def results_page(
    request: TenantRequest, form: InviteForm, results: list[flows.Result]
) -> HttpResponse:
    """Answer line by line, and leave what can be mended in the form."""
    left = "\n".join(one.entry for one in results if one.is_mendable)
    sent = sum(one.outcome == flows.Outcome.SENT for one in results)
    context = {
        "results": results,
        "sent": sent,
        "full": full(request, results),
        "form": InviteForm(
            organization=request.organization,
            own=request.abilities,
            initial=form.cleaned_data | {"addresses": left},
        ),
        "seats": seats_of(request.organization),
    }
    page = "invitations/invitation_create.html"
    return render(request, page, context)


def full(request: TenantRequest, results: list[flows.Result]) -> str:
    """Return what is said when there were not enough seats for a list."""
    if all(one.outcome != flows.Outcome.NO_SEAT for one in results):
        return ""
    return explained(seats_of(request.organization).reached, request)


@require_http_methods(["GET", "POST"])
@member_can("members.invite")
def link_create(request: TenantRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = LinkForm(posted, organization=request.organization, own=request.abilities)
    if request.method == "POST" and form.is_valid():
        link, token = flows.make_link(
            organization=request.organization, by=request.user, **form.cleaned_data
        )
        address = request.build_absolute_uri(resolve_url("join:show", token))
        context = {"link": link, "address": address, "code": qr_code(address)}
        return render(request, "invitations/link_made.html", context)
    status = 422 if form.is_bound else 200
    return render(
        request, "invitations/link_create.html", {"form": form}, status=status
    )


@require_POST
@member_can("members.invite")
def invitation_resend(request: TenantRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    if flows.resend(invitation=invitation, by=request.user):
        text = _("Sent again to %(email)s") % {"email": invitation}
        messages.success(request, text)
    else:
        messages.error(request, _("That invitation is no longer open."))
    return redirect("invitations:invitation_list")


@require_POST
@member_can("members.invite")
def invitation_revoke(request: TenantRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    if flows.revoke(invitation=invitation, by=request.user):
        text = _("%(invitation)s no longer opens the door")
        messages.success(request, text % {"invitation": invitation})
    return redirect("invitations:invitation_list")


@require_GET
@public
def show(request: TenantRequest, token: str) -> HttpResponse:
    return page_of(request, token, invited(token))


@require_POST
@signed_in
def accept(request: TenantRequest, token: str) -> HttpResponse:
    invitation = invited(token)
    try:
        flows.accept(invitation=invitation, user=request.user)
    except flows.NotUsable as refusal:
        return page_of(request, token, invitation, refusal.state)
    except flows.WrongAddress:
        return page_of(request, token, invitation)
    except LimitReached:
        return page_of(request, token, invitation, "full")
    except BadStanding:
        return page_of(request, token, invitation, "shut")
    return welcome(request, invitation)


@require_POST
@signed_in
def accept_mine(request: TenantRequest) -> HttpResponse:
    form = MineForm(request.POST)
    found = flows.find_mine(**form.cleaned_data) if form.is_valid() else None
    if found is None or not found.takes(request.user):
        raise Http404
    try:
        flows.accept(invitation=found, user=request.user)
    except (flows.NotUsable, flows.WrongAddress):
        messages.error(request, _("That invitation is no longer open."))
        return redirect("organizations:organization_list")
    except PlanRefusal as refusal:
        messages.error(request, told_outside(refusal))
        return redirect("organizations:organization_list")
    return welcome(request, found)


def welcome(request: TenantRequest, invitation: Invitation) -> HttpResponse:
    text = _("You belong to %(name)s now") % {"name": invitation.organization}
    messages.success(request, text)
    with no_context():
        return enter(request, invitation.organization)


@require_POST
@public
def decline(request: TenantRequest, token: str) -> HttpResponse:
    invitation = invited(token)
    flows.decline(invitation=invitation)
    return page_of(request, token, invited(token))


@require_POST
@public
def carry_on(request: TenantRequest, token: str) -> HttpResponse:
    invitation = invited(token)
    if request.user.is_authenticated or invitation.state != State.OPEN:
        return redirect("join:show", token)
    return to_the_door(request, token, invitation, request.GET.get("to") == "sign-in")


@require_POST
@signed_in
def switch_person(request: TenantRequest, token: str) -> HttpResponse:
    invitation = invited(token)
    with no_context(), identity(request.user):
        sign_out(request=request)
    return to_the_door(request, token, invitation, known=True)


@require_POST
@public
def ask_again(request: TenantRequest, token: str) -> HttpResponse:
    flows.ask_again(invitation=invited(token))
    return page_of(request, token, invited(token))


def to_the_door(
    request: TenantRequest, token: str, invitation: Invitation, known: bool
) -> HttpResponse:
    """Send the invited to sign in or up; the session remembers what for."""
    request.session[INVITATION_KEY] = {"token": token, "email": invitation.email}
    values = {"next": resolve_url("join:show", token)}
    if not known and invitation.email:
        values["email"] = invitation.email
    door = resolve_url("account_login" if known else "account_signup")
    return redirect(f"{door}?{urlencode(values)}")


def invited(token: str) -> Invitation:
    invitation = flows.find(token)
    if invitation is None:
        raise Http404
    return invitation


def page_of(
    request: TenantRequest, token: str, invitation: Invitation, state: str = ""
) -> HttpResponse:
    """Answer with what an invitation means for whoever looks at it."""
    state = state or invitation.state
    member = next(
        (
            one
            for one in request.memberships
            if one.organization_id == invitation.organization_id
        ),
        None,
    )
    if member is not None and request.organization == member.organization:
        return redirect("tasks:task_list")
    person = request.user if request.user.is_authenticated else None
    context = {
        "token": token,
        "invitation": invitation,
        "state": state,
        "member": member,
        "is_mine": person is None or invitation.takes(person),
    }
    refused = request.method == "POST" and state not in (State.DECLINED, State.EXPIRED)
    status = 422 if refused else 200
    return render(request, "invitations/show.html", context, status=status)
