"""Pages of organizations."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.proving import to_prove
from accounts.sessions import LED_KEY, ORGANIZATION_KEY, TEAM_KEY
from accounts.ways import page_of_ours
from organizations import closing, flows
from organizations.addresses import former_addresses, moved_to
from organizations.decorators import member_can, public, signed_in
from organizations.forms import (
    DeleteForm,
    JoiningForm,
    MetadataForm,
    OrganizationForm,
    PreferencesForm,
    RestoreForm,
    SettingsForm,
    SwitchForm,
)
from organizations.http import TenantRequest
from organizations.metadata import written
from organizations.middleware import may_enter
from organizations.models import DAYS_RESTORABLE, Organization
from organizations.purging import restorable_by


@require_GET
@public
def landing(request: TenantRequest) -> HttpResponse:
    if request.user.is_authenticated:
        name_organization(request)
        if not (request.user.onboarding_completed or LED_KEY in request.session):
            return redirect("onboarding:start")
        return redirect("tasks:task_list")
    return render(request, "organizations/landing.html")


@require_GET
@signed_in
def organization_list(request: TenantRequest) -> HttpResponse:
    context = {"deleted": restorable_by(request.user)}
    return render(request, "organizations/organization_list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def organization_create(request: TenantRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = flows.create_organization(user=request.user, **form.cleaned_data)
        except flows.SlugTaken as error:
            form.add_slug_taken(str(error))
        else:
            return enter(request, made)
    page = "organizations/organization_create.html"
    return render(request, page, {"form": form}, status=status_of(form))


@require_POST
@signed_in
def organization_switch(request: TenantRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    wanted = form.cleaned_data["organization"] if form.is_valid() else None
    for membership in request.memberships:
        if membership.organization_id == wanted and may_enter(membership):
            return enter(request, membership.organization)
    raise Http404


@require_GET
@signed_in
def organization_enter(request: TenantRequest, slug: str) -> HttpResponse:
    wanted = slug.lower()
    mine = [one.organization for one in request.memberships if may_enter(one)]
    for organization in mine:
        if organization.slug == wanted:
            return enter(request, organization, request.GET.get("next", ""))
    moved = moved_to(wanted, mine)
    if moved is None:
        raise Http404
    return redirect("organizations:organization_enter", moved.slug, permanent=True)


@require_http_methods(["GET", "POST"])
@member_can("organization.view", post="organization.edit")
def organization_settings(request: TenantRequest) -> HttpResponse:
    if request.method == "GET":
        return settings_page(request)
    organization = request.organization
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            flows.edit_organization(
                organization=organization, by=request.user, **form.cleaned_data
            )
        except flows.SlugTaken as error:
            form.add_slug_taken(str(error))
        else:
            return saved(request)
    return settings_page(request, facts=form)


@require_POST
@member_can("organization.edit")
def organization_settings_preferences(request: TenantRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return settings_page(request, preferences=form)
    flows.set_preferences(
        organization=request.organization, by=request.user, **form.chosen()
    )
    return saved(request, "preferences")


@require_POST
@member_can("organization.edit")
def organization_settings_joining(request: TenantRequest) -> HttpResponse:
    return save_card(request, JoiningForm(request.POST), "joining")


@require_POST
@member_can("organization.edit")
def organization_settings_metadata(request: TenantRequest) -> HttpResponse:
    return save_card(request, MetadataForm(request.POST), "metadata")


@require_http_methods(["GET", "POST"])
@member_can("organization.delete")
def organization_delete(request: TenantRequest) -> HttpResponse:
    asked = to_prove(request)
    if asked is not None:
        return asked
    organization = request.organization
    form = DeleteForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        closing.delete_organization(organization=organization, by=request.user)
        text = _(
            "%(name)s is deleted. Its owners can restore it here for %(days)d days."
        )
        words = {"name": organization, "days": DAYS_RESTORABLE}
        messages.success(request, text % words)
        return redirect("organizations:organization_list")
    context = {"form": form, "days": DAYS_RESTORABLE}
    page = "organizations/organization_delete.html"
    return render(request, page, context, status=status_of(form))


@require_POST
@signed_in
def organization_restore(request: TenantRequest) -> HttpResponse:
    form = RestoreForm(request.POST)
    organization = deleted_one(request, form)
    if form.is_valid():
        slug = form.cleaned_data["slug"]
        try:
            found = closing.take_back(
                organization=organization, by=request.user, slug=slug
            )
        except flows.SlugTaken as error:
            form.add_slug_taken(str(error))
        else:
            return restored(request, organization, found=found)
    page, context = "organizations/organization_restore.html", {"form": form}
    context["organization"] = organization
    return render(request, page, context, status=422)


def deleted_one(request: TenantRequest, form: Form) -> Organization:
    """Return the deleted organization that a form names, if it is the person's own."""
    form.is_valid()
    wanted = form.cleaned_data.get("organization")
    for organization in restorable_by(request.user):
        if organization.pk == wanted:
            return organization
    raise Http404


def restored(
    request: TenantRequest, organization: Organization, *, found: bool
) -> HttpResponse:
    if not found:
        raise Http404
    text = _("%(name)s is back, as it was") % {"name": organization}
    messages.success(request, text)
    return enter(request, organization)


def save_card(request: TenantRequest, form: Form, card: str) -> HttpResponse:
    """Save a card whose fields are the organization's own; else show what is wrong."""
    if not form.is_valid():
        return settings_page(request, **{card: form})
    flows.edit_organization(
        organization=request.organization, by=request.user, **form.cleaned_data
    )
    return saved(request, card)


def saved(request: TenantRequest, card: str = "") -> HttpResponse:
    messages.success(request, _("Settings saved"))
    page = resolve_url("organizations:organization_settings")
    return redirect(f"{page}#{card}" if card else page)


def settings_page(request: TenantRequest, **sent: Form) -> HttpResponse:
    """Show every card; the one that was sent and refused says why."""
    can_edit = "organization.edit" in request.abilities
    context = cards(request.organization) if can_edit else {}
    page = "organizations/organization_settings.html"
    return render(request, page, context | sent, status=422 if sent else 200)


def cards(organization: Organization) -> dict[str, Any]:
    """Return the settings page's forms, as the organization is now."""
    text = written(organization.metadata)
    return {
        "former": former_addresses(),
        "facts": SettingsForm(initial=facts_of(organization)),
        "preferences": PreferencesForm(initial=PreferencesForm.shown(organization)),
        "joining": JoiningForm(initial={"joining_role": organization.joining_role}),
        "metadata": MetadataForm(initial={"metadata": text}),
    }


def enter(
    request: TenantRequest, organization: Organization, wanted: str = ""
) -> HttpResponse:
    """Make an organization the active one, and go on to its tasks or a page of it."""
    request.session[ORGANIZATION_KEY] = str(organization.pk)
    request.session.pop(TEAM_KEY, None)
    flows.remember_organization(user=request.user, organization=organization)
    return HttpResponseRedirect(page_of_ours(wanted, reverse("tasks:task_list")))


def name_organization(request: TenantRequest) -> None:
    """Let a new session name the organization it has entered: cheaper from then on."""
    if request.organization is not None:
        request.session.setdefault(ORGANIZATION_KEY, str(request.organization.pk))


def status_of(form: Form) -> int:
    return 422 if form.errors else 200


def facts_of(organization: Organization) -> dict[str, str]:
    return {
        "name": organization.name,
        "slug": organization.slug,
        "task_prefix": organization.task_prefix,
    }
