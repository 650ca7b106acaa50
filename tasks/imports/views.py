"""The four steps of an import, each a page of its own."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import member_can
from organizations.http import TenantRequest
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.limits.payers import who_can
from tasks.imports import flows
from tasks.imports.forms import MappingForm, UploadForm
from tasks.imports.models import Import
from tasks.imports.previews import days_of, examples, preview

PAGE = 50


@require_GET
@member_can("tasks.edit")
def import_list(request: TenantRequest) -> HttpResponse:
    # Not joined: whoever has left is no colleague whose row can be read.
    rows = Import.objects.prefetch_related("made_by").order_by("-id")[:PAGE]
    return render(request, "imports/import_list.html", {"imports": rows})


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def import_create(request: TenantRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None
    )
    if form.is_valid():
        made = flows.upload(
            organization=request.organization,
            by=request.user,
            file=form.cleaned_data["file"],
            shape=form.shape,
            rows=form.rows,
        )
        return redirect("imports:import_map", made.pk)
    context = {"form": form, "most_rows": settings.IMPORT_MAX_ROWS}
    context["most_bytes"] = settings.IMPORT_MAX_BYTES
    status = 422 if posted else 200
    return render(request, "imports/import_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def import_map(request: TenantRequest, pk: UUID) -> HttpResponse:
    waiting = get_object_or_404(Import, pk=pk)
    if not waiting.can_be_mapped:
        return redirect("imports:import_detail", pk)
    found = preview(waiting)
    posted = request.POST if request.method == "POST" else None
    form = MappingForm(posted, waiting=waiting, days=days_of(waiting, found))
    if form.is_valid():
        flows.choose_mapping(waiting=waiting, by=request.user, mapping=form.mapping())
        return redirect("imports:import_detail", pk)
    context = {
        "import": waiting,
        "form": form,
        "columns": list(zip(form.columns(), map(examples, found), strict=True)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "imports/import_map.html", context, status=status)


@require_GET
@member_can("tasks.edit")
def import_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Import, pk=pk)
    context: dict[str, Any] = {"import": found}
    if found.can_be_started:
        context["use"] = use_of(Key.TASKS)
        context["who"] = who_can(request.abilities)
    return render(request, "imports/import_detail.html", context)


@require_POST
@member_can("tasks.edit")
def import_start(request: TenantRequest, pk: UUID) -> HttpResponse:
    flows.start(waiting=get_object_or_404(Import, pk=pk), by=request.user)
    return redirect("imports:import_detail", pk)


@require_POST
@member_can("tasks.edit")
def import_cancel(request: TenantRequest, pk: UUID) -> HttpResponse:
    waiting = get_object_or_404(Import, pk=pk)
    if flows.cancel(waiting=waiting, by=request.user):
        messages.success(request, _("Import cancelled"))
    return redirect("imports:import_detail", pk)


@require_GET
@member_can("tasks.edit")
def import_errors(request: TenantRequest, pk: UUID) -> HttpResponseBase:
    found = get_object_or_404(Import, pk=pk)
    if not found.errors:
        raise Http404
    file = default_storage.open(found.errors)
    answer: Any = FileResponse(file, as_attachment=True, filename="problems.csv")
    answer["Content-Type"] = "text/csv; charset=utf-8"
    return answer
