"""Pages of API keys: whoever may change them sees them all, and each secret once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.proving import to_prove
from organizations.api import flows
from organizations.api.forms import KeyForm, RotateForm, draft_of, drafted
from organizations.api.listing import ended_keys, key_page, open_keys
from organizations.api.models import ApiKey
from organizations.decorators import MissingAbility, member_can
from organizations.http import TenantRequest
from organizations.limits.answers import told_by
from organizations.paging import PlaceForm


@require_GET
@member_can("keys.edit")
def key_list(request: TenantRequest) -> HttpResponse:
    return list_page(request)


@require_http_methods(["GET", "POST"])
@member_can("keys.edit")
def key_create(request: TenantRequest) -> HttpResponse:
    form = KeyForm(sent(request), initial=drafted(request.GET), own=request.abilities)
    asked = to_prove(request, draft_of(form))
    if asked is not None:
        return asked
    if form.is_bound and form.is_valid():
        with told_by(form, request):
            made, text = flows.create_key(by=request.user, **form.values())
            return list_page(request, made=made, text=text)
    status = 422 if form.is_bound else 200
    return render(request, "api/key_create.html", {"form": form}, status=status)


@require_GET
@member_can("keys.edit")
def key_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    # Whoever has left is nobody whose row could be seen, and the key stays.
    maker = User.objects.filter(pk=key.created_by_id).first()
    context = {"key": key, "maker": maker}
    return render(request, "api/key_detail.html", context)


@require_http_methods(["GET", "POST"])
@member_can("keys.edit")
def key_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    key = get_object_or_404(open_keys(), pk=pk)
    now = {"name": key.name, "scopes": key.scopes} | drafted(request.GET)
    form = KeyForm(sent(request), initial=now, key=key, own=request.abilities)
    asked = to_prove(request, draft_of(form))
    if asked is not None:
        return asked
    if form.is_bound and form.is_valid():
        own = request.abilities
        if changed(key, by=request.user, own=own, **form.values()):
            messages.success(request, _("Saved"))
        return redirect("api:key_detail", pk)
    context, status = {"key": key, "form": form}, 422 if form.is_bound else 200
    return render(request, "api/key_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_can("keys.edit")
def key_rotate(request: TenantRequest, pk: UUID) -> HttpResponse:
    key = get_object_or_404(open_keys(), pk=pk)
    refuse_beyond(key, request)
    form = RotateForm(sent(request), initial=drafted(request.GET), key=key)
    asked = to_prove(request, draft_of(form))
    if asked is not None:
        return asked
    if form.is_bound and form.is_valid():
        try:
            made, text = flows.rotate_key(key=key, by=request.user, **form.values())
        except flows.KeyRevoked as error:
            raise Http404 from error
        return list_page(request, made=made, text=text, was_rotated=True)
    context, status = {"key": key, "form": form}, 422 if form.is_bound else 200
    return render(request, "api/key_rotate.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_can("keys.edit")
def key_revoke(request: TenantRequest, pk: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    if request.method == "GET":
        return render(request, "api/key_revoke.html", {"key": key})
    if flows.revoke_key(key=key, by=request.user):
        words = _("%(name)s is revoked and opens nothing any more")
        messages.success(request, words % {"name": key.name})
    return redirect("api:key_list")


def list_page(request: TenantRequest, **context: Any) -> HttpResponse:
    """Answer with the list, and above it the text of a key that was just made."""
    place = PlaceForm(request.GET).place()
    shown = {"page": key_page(place), "ended": [] if place else ended_keys()}
    return render(request, "api/key_list.html", shown | context)


def sent(request: TenantRequest) -> Any:
    return request.POST if request.method == "POST" else None


def changed(key: ApiKey, **values: Any) -> bool:
    try:
        return flows.change_key(key=key, **values)
    except flows.KeyRevoked as error:
        raise Http404 from error


def refuse_beyond(key: ApiKey, request: TenantRequest) -> None:
    """Refuse the secret of a key that may do what somebody may not do themselves."""
    for ability in key.scopes:
        if ability not in request.abilities:
            raise MissingAbility(ability)
