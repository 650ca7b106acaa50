"""Pages of members."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations import flows as organization_flows
from organizations.decorators import MissingAbility, kept_from_staff, member_can
from organizations.http import TenantRequest
from organizations.members import flows
from organizations.members.answers import (
    changed_row,
    refused_row,
    role_undo,
    say_last_owner,
)
from organizations.members.forms import MemberFilterForm, OfferForm, RoleForm
from organizations.members.listing import member_page, role_counts
from organizations.members.models import OwnershipOffer
from organizations.models import CustomRole, Membership, Role
from organizations.owners import LastOwner
from organizations.permissions import described


@require_GET
@member_can("members.view")
def member_list(request: TenantRequest) -> HttpResponse:
    form = MemberFilterForm(request.GET)
    members, after = member_page(form)
    page = "members/member_list.html"
    if request.htmx and not request.htmx.history_restore_request:
        page += "#rows" if request.GET.get("after") else "#table"
    counts = role_counts()
    context = {
        "form": form,
        "members": members,
        "after": after,
        "counts": counts,
        "total": sum(counts.values()),
        "offer": offer_to(request),
    }
    return render(request, page, context)


@require_GET
@member_can("members.view")
def member_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = member_or_404(pk)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "members/member_detail.html#menu", {"member": member})
    return detail_page(request, member, RoleForm(member=member, own=request.abilities))


@require_POST
@member_can("members.edit")
def member_role(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = changeable(request, pk)
    # Undo's address carries the role, its form nothing.
    values = request.POST if "role" in request.POST else request.GET
    form, before = RoleForm(values, member=member, own=request.abilities), member.role
    if not form.is_valid():
        return refused(request, member, form)
    try:
        organization_flows.change_role(
            membership=member, role=Role(form.cleaned_data["role"]), by=request.user
        )
    except LastOwner:
        return refused(request, member, form)
    return changed(request, member, before)


def changed(request: TenantRequest, member: Membership, before: str) -> HttpResponse:
    words = {"name": member.user, "role": member.get_role_display()}
    text = _("%(name)s is now %(role)s") % words
    undo = role_undo(member, before)
    if request.htmx:
        return changed_row(request, member, text, undo)
    if member.role != before:
        messages.success(request, text, extra_tags=undo)
    return redirect("members:member_detail", member.pk)


def refused(request: TenantRequest, member: Membership, form: RoleForm) -> HttpResponse:
    """Answer a role that cannot be given: the row as it was, or the page."""
    if form.is_valid():
        form.add_error("role", say_last_owner(member))
    member.refresh_from_db(fields=["role"])
    if request.htmx:
        return refused_row(request, member, form)
    return detail_page(request, member, form)


@require_POST
@member_can("members.edit")
def member_suspend(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = changeable(request, pk)
    if member.user_id == request.user.pk:
        messages.error(request, _("You cannot suspend yourself. You can leave."))
        return redirect("members:member_detail", pk)
    try:
        done = organization_flows.suspend_member(membership=member, by=request.user)
    except LastOwner:
        messages.error(request, say_last_owner(member))
        return redirect("members:member_detail", pk)
    if done:
        text = _("%(name)s is shut out until you let them in again")
        messages.success(request, text % {"name": member.user})
    return redirect("members:member_detail", pk)


@require_POST
@member_can("members.edit")
def member_unsuspend(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = changeable(request, pk)
    if organization_flows.unsuspend_member(membership=member, by=request.user):
        messages.success(request, _("%(name)s is back") % {"name": member.user})
    return redirect("members:member_detail", pk)


@require_http_methods(["GET", "POST"])
@member_can("members.edit")
def member_remove(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = changeable(request, pk)
    if member.user_id == request.user.pk:
        return redirect("members:member_leave")
    last = member.is_last_owner()
    if request.method == "POST" and not last:
        try:
            organization_flows.remove_member(membership=member, by=request.user)
        except LastOwner:
            last = True
        else:
            text = _("%(name)s no longer belongs to %(organization)s")
            words = {"name": member.user, "organization": request.organization}
            messages.success(request, text % words)
            return redirect("members:member_list")
    return ending_page(request, "members/member_remove.html", member, last=last)


@require_http_methods(["GET", "POST"])
@member_can("organization.view")
@kept_from_staff
def member_leave(request: TenantRequest) -> HttpResponse:
    member = request.membership
    last = member.is_last_owner()
    if request.method == "POST" and not last:
        try:
            organization_flows.leave(membership=member)
        except LastOwner:
            last = True
        else:
            text = _("You have left %(name)s") % {"name": request.organization}
            messages.success(request, text)
            return redirect("organizations:organization_list")
    return ending_page(request, "members/member_leave.html", member, last=last)


def ending_page(
    request: TenantRequest, page: str, member: Membership, *, last: bool
) -> HttpResponse:
    context = {"member": member, "refusal": say_last_owner(member) if last else ""}
    status = 422 if request.method == "POST" else 200
    return render(request, page, context, status=status)


@require_GET
@member_can("members.view")
def ownership(request: TenantRequest) -> HttpResponse:
    offer = OwnershipOffer.open.first()
    is_mine = offer is not None and offer.offered_to_id == request.membership.pk
    if not is_mine and "owners.edit" not in request.abilities:
        offer = None
    context = {"offer": offer, "is_mine": is_mine}
    return render(request, "members/ownership.html", context)


@require_http_methods(["GET", "POST"])
@member_can("owners.edit")
def ownership_offer(request: TenantRequest, pk: UUID) -> HttpResponse:
    member = member_or_404(pk)
    form = OfferForm(request.POST if request.method == "POST" else None)
    can_be = member.role != Role.OWNER and not member.is_suspended
    if request.method == "POST" and can_be and form.is_valid():
        flows.offer_ownership(to=member, by=request.membership, **form.cleaned_data)
        messages.success(request, _("Offered to %(name)s") % {"name": member.user})
        return redirect("members:ownership")
    status = 422 if form.is_bound else 200
    context = {"member": member, "form": form, "can_be": can_be}
    return render(request, "members/ownership_offer.html", context, status=status)


@require_POST
@member_can("members.view")
@kept_from_staff
def ownership_accept(request: TenantRequest) -> HttpResponse:
    try:
        flows.accept_ownership(offer=own_offer(request))
    except (flows.NotOffered, LastOwner):
        return gone(request)
    text = _("You are an owner of %(name)s now") % {"name": request.organization}
    messages.success(request, text)
    return redirect("members:member_list")


@require_POST
@member_can("members.view")
@kept_from_staff
def ownership_decline(request: TenantRequest) -> HttpResponse:
    try:
        flows.decline_ownership(offer=own_offer(request))
    except flows.NotOffered:
        return gone(request)
    messages.success(request, _("You said no. Everything stays as it was."))
    return redirect("members:member_list")


@require_POST
@member_can("owners.edit")
def ownership_withdraw(request: TenantRequest) -> HttpResponse:
    offer = OwnershipOffer.open.first()
    if offer is None:
        return gone(request)
    try:
        flows.withdraw_offer(offer=offer, by=request.user)
    except flows.NotOffered:
        return gone(request)
    messages.success(request, _("The offer is withdrawn"))
    return redirect("members:member_list")


def gone(request: TenantRequest) -> HttpResponse:
    messages.error(request, _("That offer is no longer open. Nothing was changed."))
    return redirect("members:member_list")


def member_or_404(pk: UUID) -> Membership:
    rows = Membership.objects.select_related("user", "custom_role")
    return get_object_or_404(rows, pk=pk)


def changeable(request: TenantRequest, pk: UUID) -> Membership:
    """Return a member whom the person may change; only owners change owners."""
    member = member_or_404(pk)
    if member.role == Role.OWNER and "owners.edit" not in request.abilities:
        raise MissingAbility("owners.edit")
    return member


def offer_to(request: TenantRequest) -> OwnershipOffer | None:
    """Return the open offer that is the person's to answer."""
    return OwnershipOffer.open.filter(offered_to=request.membership.pk).first()


def own_offer(request: TenantRequest) -> OwnershipOffer:
    offer = offer_to(request)
    if offer is None:
        raise Http404
    return offer


def detail_page(
    request: TenantRequest, member: Membership, form: RoleForm
) -> HttpResponse:
    is_owner = member.role == Role.OWNER
    can_edit = "members.edit" in request.abilities
    context: dict[str, Any] = {
        "member": member,
        "form": form,
        "is_self": member.user_id == request.user.pk,
        "can_change": can_edit and (not is_owner or "owners.edit" in request.abilities),
        "can_offer": "owners.edit" in request.abilities and not is_owner,
        "roles": [(role, described(role)) for role in Role],
        "custom_roles": CustomRole.objects.order_by("name") if can_edit else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/member_detail.html", context, status=status)
