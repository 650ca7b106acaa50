"""Pages of custom roles."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import member_can
from organizations.http import TenantRequest
from organizations.models import CustomRole, Membership, Role
from organizations.permissions import described
from organizations.roles import flows
from organizations.roles.forms import (
    AssignForm,
    CustomRoleForm,
    FindForm,
    NewRoleForm,
)
from organizations.roles.listing import custom_roles, members_called
from organizations.roles.reasons import reasons


@require_GET
@member_can("roles.edit")
def role_list(request: TenantRequest) -> HttpResponse:
    form = FindForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    context = {
        "custom_roles": custom_roles(),
        "roles": [(role, described(role)) for role in Role],
        "q": words,
        "members": members_called(words),
    }
    return render(request, "roles/role_list.html", context)


@require_http_methods(["GET", "POST"])
@member_can("roles.edit")
def role_create(request: TenantRequest) -> HttpResponse:
    form = NewRoleForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            role = flows.create_role(by=request.user, **form.cleaned_data)
        except flows.NameTaken:
            form.add_name_taken()
        else:
            messages.success(request, _("%(name)s can be given now") % {"name": role})
            return redirect("roles:role_list")
    status = 422 if form.is_bound else 200
    return render(request, "roles/role_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@member_can("roles.edit")
def role_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    role = get_object_or_404(custom_roles(), pk=pk)
    now = {"name": role.name, "abilities": role.abilities}
    values = request.POST if request.method == "POST" else None
    form = CustomRoleForm(values, initial=now)
    if form.is_bound and form.is_valid():
        try:
            flows.edit_role(role=role, by=request.user, **form.cleaned_data)
        except flows.NameTaken:
            form.add_name_taken()
        else:
            messages.success(request, _("Role saved"))
            return redirect("roles:role_list")
    context, status = {"role": role, "form": form}, 422 if form.is_bound else 200
    return render(request, "roles/role_edit.html", context, status=status)


@require_POST
@member_can("roles.edit")
def role_delete(request: TenantRequest, pk: UUID) -> HttpResponse:
    role = get_object_or_404(custom_roles(), pk=pk)
    try:
        flows.remove_role(role=role, by=request.user)
    except flows.RoleHeld:
        messages.error(request, say_held(role))
        return redirect("roles:role_edit", pk)
    messages.success(request, _("%(name)s is gone") % {"name": role})
    return redirect("roles:role_list")


def say_held(role: CustomRole) -> str:
    people = role.memberships.count()
    text = ngettext(
        "%(people)d member has this role. Give them another one first.",
        "%(people)d members have this role. Give them another one first.",
        people,
    )
    return text % {"people": people}


@require_POST
@member_can("members.edit")
def role_assign(request: TenantRequest) -> HttpResponse:
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise Http404
    member, role = form.cleaned_data["member"], form.cleaned_data["role"]
    try:
        flows.give_role(
            membership=member, role=role, by=request.user, abilities=request.abilities
        )
    except flows.OwnersStay:
        text = _("%(name)s is an owner and has every ability. Nothing was changed.")
        messages.error(request, text % {"name": member.user})
    except flows.MoreThanOnesOwn:
        text = _("%(role)s may do more than you may. Ask an owner to give it.")
        messages.error(request, text % {"role": role})
    else:
        member.refresh_from_db(fields=["role", "custom_role"])
        messages.success(request, say_given(member))
    return redirect("members:member_detail", member.pk)


def say_given(member: Membership) -> str:
    words = {"name": member.user, "role": member.role_name}
    return _("%(name)s is now %(role)s") % words


@require_GET
@member_can("roles.edit")
def role_why(request: TenantRequest, member: UUID) -> HttpResponse:
    rows = Membership.objects.select_related("user", "custom_role")
    found = get_object_or_404(rows, pk=member)
    context = {"member": found, "reasons": list(reasons(found))}
    return render(request, "roles/role_why.html", context)
