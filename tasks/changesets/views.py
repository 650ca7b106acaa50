"""Pages about many tasks at once: changing them, what was changed, the trash."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import MissingAbility, member_can
from organizations.http import TenantRequest
from organizations.limits.answers import told_by
from tasks.changesets import answers, flows
from tasks.changesets.forms import (
    BulkForm,
    PickForm,
    PlaceForm,
    SelectionForm,
    SeveralForm,
)
from tasks.changesets.listing import lines, recent, what
from tasks.changesets.models import ChangeSet
from tasks.changesets.trash import place_of, trash_page
from tasks.flows import create_tasks
from tasks.meanwhile import asking_again


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def bulk_edit(request: TenantRequest) -> HttpResponse:
    if request.method == "GET":
        return answers.bulk_menus(request)
    form = BulkForm(request.POST)
    if not form.is_valid() or form.is_choosing:
        return answers.bulk_page(request, form)
    with asking_again(form):
        made = flows.edit_tasks(
            selection=form.selection, by=request.user, changes=form.changes()
        )
        return answers.changed(request, form, made)
    return answers.bulk_page(request, form)


@require_POST
@member_can("tasks.delete")
def bulk_delete(request: TenantRequest) -> HttpResponse:
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return answers.bulk_page(request, BulkForm(request.POST))
    made = flows.remove_tasks(selection=form.selection, by=request.user)
    return answers.changed(request, form, made)


@require_GET
@member_can("tasks.view")
def change_list(request: TenantRequest) -> HttpResponse:
    found, after = recent(PlaceForm.read(request.GET)["after"])
    context = {"changes": found, "after": after}
    return render(request, "changesets/change_list.html", context)


@require_GET
@member_can("tasks.view")
def change_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    change: ChangeSet = get_object_or_404(ChangeSet, pk=pk)
    if request.htmx:
        return answers.progress(request, change)
    place = PlaceForm.read(request.GET)
    whole, prefix = place["whole"], request.organization.task_prefix
    told, after = lines(change, prefix, after=place["after"], whole=whole)
    context = {
        "change": change,
        "what": what(change),
        "lines": told,
        "after": after,
        "whole": whole,
        "may_undo": change.is_undoable and change.ability in request.abilities,
    }
    return render(request, "changesets/change_detail.html", context)


@require_POST
@member_can("tasks.edit")
def change_undo(request: TenantRequest, pk: UUID) -> HttpResponse:
    change = get_object_or_404(ChangeSet, pk=pk)
    if change.ability not in request.abilities:
        raise MissingAbility(change.ability)
    try:
        change = flows.undo(change_set=change, by=request.user)
    except flows.NotUndoable:
        messages.info(request, gettext("That cannot be undone any more"))
        return redirect("changesets:change_detail", pk)
    return answers.undone(request, change)


@require_GET
@member_can("tasks.view")
def trash(request: TenantRequest) -> HttpResponse:
    place = PlaceForm.read(request.GET)
    prefix, after = request.organization.task_prefix, place_of(place["after"])
    thrown, more = trash_page(prefix, place["q"], after)
    context: dict[str, Any] = {
        "thrown": thrown,
        "q": place["q"],
        "after": thrown[-1].task.pk if more else None,
    }
    return render(request, "changesets/trash.html", context)


@require_POST
@member_can("tasks.delete")
def trash_restore(request: TenantRequest) -> HttpResponse:
    form = PickForm(request.POST)
    ids = form.ids if form.is_valid() else []
    answers.restored(request, flows.restore_tasks(ids=ids, by=request.user))
    return redirect("changesets:trash")


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_several(request: TenantRequest) -> HttpResponse:
    form = SeveralForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        drafts = [{"title": title} for title in form.cleaned_data["titles"]]
        with told_by(form, request, "titles"):
            made = create_tasks(by=request.user, drafts=drafts)
            messages.success(request, answers.added(len(made)))
            return redirect(reverse("tasks:task_list"))
    status = 422 if form.is_bound else 200
    page = "changesets/task_several.html"
    return render(request, page, {"form": form}, status=status)
