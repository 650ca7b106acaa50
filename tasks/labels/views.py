"""Pages of labels."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from organizations.decorators import member_can
from organizations.http import TenantRequest
from tasks.labels.flows import create_label
from tasks.labels.forms import LabelForm
from tasks.labels.models import MOST, Label, NameTaken, TaskLabel, TooMany


@require_GET
@member_can("tasks.view")
def label_list(request: TenantRequest) -> HttpResponse:
    labels = list(Label.objects.order_by("name")[:MOST])
    rows = TaskLabel.objects.filter(label__in=labels).values("label_id")
    counts = dict(rows.annotate(n=Count("pk")).values_list("label_id", "n"))
    found = [(label, counts.get(label.pk, 0)) for label in labels]
    return render(request, "labels/label_list.html", {"labels": found})


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def label_create(request: TenantRequest) -> HttpResponse:
    form = LabelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            label = create_label(by=request.user, **form.cleaned_data)
        except NameTaken:
            form.add_name_taken()
        except TooMany:
            form.add_too_many()
        else:
            messages.success(request, _("%(name)s created") % {"name": label})
            return redirect("labels:label_list")
    return form_page(request, "labels/label_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def label_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    label = get_object_or_404(Label, pk=pk)
    facts = {"name": label.name, "colour": label.colour}
    form = LabelForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        try:
            if label.change(by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved"))
        except Label.DoesNotExist:
            raise Http404 from None
        except NameTaken:
            # The page says what the label is called, not what it was to be.
            label.refresh_from_db()
            form.add_name_taken()
        else:
            return redirect("labels:label_list")
    page = {"form": form, "label": label}
    return form_page(request, "labels/label_edit.html", page)


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def label_delete(request: TenantRequest, pk: UUID) -> HttpResponse:
    label: Label = get_object_or_404(Label, pk=pk)
    if request.method == "GET":
        count = TaskLabel.objects.filter(label=label).count()
        page = {"label": label, "count": count}
        return render(request, "labels/label_delete.html", page)
    label.remove(by=request.user)
    messages.success(request, _("%(name)s deleted") % {"name": label})
    return redirect("labels:label_list")


def form_page(
    request: TenantRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render(request, template, context, status=status)
