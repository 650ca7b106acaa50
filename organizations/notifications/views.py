"""Pages of the inbox: read, put away, chosen, and ended from a mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import kept_from_staff, member_can, public
from organizations.http import TenantRequest
from organizations.notifications import answers, flows
from organizations.notifications.choices import choices_of
from organizations.notifications.forms import MatrixForm, ShownForm, WayOutForm
from organizations.notifications.listing import inbox as inbox_of
from organizations.notifications.models import Notification
from organizations.notifications.unsubscribing import read_way_out
from organizations.paging import PlaceForm


@require_GET
@member_can("organization.view")
def inbox(request: TenantRequest) -> HttpResponse:
    shown = ShownForm(request.GET).shown()
    place = PlaceForm(request.GET).place()
    found = inbox_of(request.user, request.organization, shown, place)
    return answers.page(request, found, shown)


@require_GET
@member_can("organization.view")
def unread(request: TenantRequest) -> HttpResponse:
    return answers.counters(request)


@require_GET
@member_can("organization.view")
def notification_open(request: TenantRequest, pk: UUID) -> HttpResponse:
    note = own(request, pk)
    # What staff look at has not been read by the person.
    if request.impersonation is None:
        flows.mark_read(note=note, by=request.user)
    return redirect(note.path)


@require_POST
@member_can("organization.view")
@kept_from_staff
def notification_read(request: TenantRequest, pk: UUID) -> HttpResponse:
    note = own(request, pk)
    flows.mark_read(note=note, by=request.user)
    return answers.line(request, note)


@require_POST
@member_can("organization.view")
@kept_from_staff
def notification_unread(request: TenantRequest, pk: UUID) -> HttpResponse:
    note = own(request, pk)
    flows.mark_unread(note=note, by=request.user)
    return answers.line(request, note)


@require_POST
@member_can("organization.view")
@kept_from_staff
def notification_archive(request: TenantRequest, pk: UUID) -> HttpResponse:
    note = own(request, pk)
    is_new = bool(flows.archive(note=note, by=request.user))
    return answers.archived(request, note, is_new=is_new)


@require_POST
@member_can("organization.view")
@kept_from_staff
def notification_unarchive(request: TenantRequest, pk: UUID) -> HttpResponse:
    note = own(request, pk)
    if flows.unarchive(note=note, by=request.user):
        messages.success(request, _("Back in the inbox"))
    return answers.back(request)


@require_POST
@member_can("organization.view")
@kept_from_staff
def read_all(request: TenantRequest) -> HttpResponse:
    flows.mark_all_read(by=request.user)
    return answers.back(request)


@require_http_methods(["GET", "POST"])
@member_can("organization.view")
@kept_from_staff
def preferences(request: TenantRequest) -> HttpResponse:
    form = MatrixForm(
        request.POST if request.method == "POST" else None,
        organization=request.organization,
        abilities=request.abilities,
        chosen=choices_of(request.user),
    )
    if form.is_bound and form.is_valid():
        flows.choose(
            organization=request.organization, by=request.user, wanted=form.wanted()
        )
        messages.success(request, _("Notification settings saved"))
        return redirect("notifications:preferences")
    status = 422 if form.is_bound else 200
    context: dict[str, Any] = {"form": form}
    return render(request, "notifications/preferences.html", context, status=status)


@require_http_methods(["GET", "POST"])
@csrf_exempt
@public
@kept_from_staff
def unsubscribe(request: HttpRequest, way_out: str) -> HttpResponse:
    found = read_way_out(way_out)
    if found is None:
        raise Http404
    is_done = request.method == "POST" and WayOutForm(request.POST).is_valid()
    if is_done:
        flows.unsubscribe(out=found)
    return answers.way_out_page(request, found, is_done=is_done)


def own(request: TenantRequest, pk: UUID) -> Notification:
    """Return one of the person's own notifications, or answer 404."""
    rows = Notification.objects.filter(user=request.user)
    found: Notification = get_object_or_404(rows, pk=pk)
    return found
