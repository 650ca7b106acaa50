"""The pages "Import": an archive brought, compared, and taken in by an owner."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.proving import to_prove
from organizations.archives import flows
from organizations.archives.forms import UNDERWAY_ALREADY, ArchiveForm, ConfirmForm
from organizations.archives.models import Arrival, Stage
from organizations.archives.words import described
from organizations.decorators import kept_from_staff, member_can
from organizations.http import TenantRequest

CAN = "organization.import"
SHOWN = 10


@require_GET
@kept_from_staff
@member_can(CAN)
def arrival_list(request: TenantRequest) -> HttpResponse:
    # Not joined: whoever has left is no colleague whose row can be read.
    rows = Arrival.objects.prefetch_related("asked_by").order_by("-id")[:SHOWN]
    arrivals = list(rows)
    underway = next((one for one in arrivals if not one.has_ended), None)
    context = {"arrivals": arrivals, "underway": underway}
    return render(request, "archives/arrival_list.html", context)


@require_http_methods(["GET", "POST"])
@kept_from_staff
@member_can(CAN)
def arrival_create(request: TenantRequest) -> HttpResponse:
    asked = to_prove(request)
    if asked is not None:
        return asked
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ArchiveForm(*sent, organization=request.organization)
    if form.is_valid():
        made = flows.upload(
            organization=request.organization,
            by=request.user,
            file=form.cleaned_data["file"],
            archive=form.archive,
        )
        if made is not None:
            return redirect("archives:arrival_detail", made.pk)
        form.add_error(None, UNDERWAY_ALREADY)
    context = {"form": form, "most_bytes": settings.ARCHIVE_MAX_BYTES}
    page = "archives/arrival_create.html"
    return render(request, page, context, status=422 if sent else 200)


@require_GET
@kept_from_staff
@member_can(CAN)
def arrival_detail(request: TenantRequest, arrival: UUID) -> HttpResponse:
    found = get_object_or_404(Arrival, pk=arrival)
    context = {"arrival": found, **described(found)}
    return render(request, "archives/arrival_detail.html", context)


@require_http_methods(["GET", "POST"])
@kept_from_staff
@member_can(CAN)
def arrival_confirm(request: TenantRequest, arrival: UUID) -> HttpResponse:
    found = get_object_or_404(Arrival, pk=arrival)
    if found.stage != Stage.COMPARED:
        return redirect("archives:arrival_detail", arrival)
    asked = to_prove(request)
    if asked is not None:
        return asked
    sent: Any = (request.POST,) if request.method == "POST" else ()
    form = ConfirmForm(*sent, organization=request.organization)
    if form.is_valid():
        flows.confirm(waiting=found, by=request.user)
        # The page tells what has become of it.
        return redirect("archives:arrival_detail", arrival)
    context = {"form": form, "arrival": found, **described(found)}
    page = "archives/arrival_confirm.html"
    return render(request, page, context, status=422 if sent else 200)


@require_POST
@kept_from_staff
@member_can(CAN)
def arrival_cancel(request: TenantRequest, arrival: UUID) -> HttpResponse:
    waiting = get_object_or_404(Arrival, pk=arrival)
    if flows.cancel(waiting=waiting, by=request.user):
        messages.success(request, _("Import cancelled. Nothing was changed."))
    return redirect("archives:arrival_detail", arrival)
