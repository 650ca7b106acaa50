"""Pages of attachments: sending files, fetching them, taking them away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts import pictures
from organizations.decorators import member_can
from organizations.http import TenantRequest
from organizations.limits.answers import told_by
from tasks.attachments import answers, flows
from tasks.attachments.forms import FilesForm
from tasks.attachments.models import Attachment
from tasks.models import Task


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def file_create(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    if request.method == "GET":
        return answers.files_page(request, found)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with told_by(form, request, "uploads"):
                flows.attach(task=found, by=request.user, **form.cleaned_data)
                return answers.after(request, found)
        except flows.TooMany:
            form.add_too_many()
    return answers.files_page(request, found, form)


@require_GET
@member_can("tasks.view")
def file_download(request: TenantRequest, file: UUID) -> HttpResponse:
    found = live(file)
    return answers.file_response(found.path, found.content_type, name=found.name)


@require_GET
@member_can("tasks.view")
def file_thumbnail(request: TenantRequest, file: UUID) -> HttpResponse:
    return answers.file_response(live(file).thumbnail_path, pictures.TYPE)


@require_POST
@member_can("tasks.edit")
def file_delete(request: TenantRequest, file: UUID) -> HttpResponse:
    found = live(file, Attachment.with_trash)
    text = gettext("%(name)s is removed") % {"name": found.name}
    flows.remove_attachment(attachment=found, by=request.user)
    if request.htmx:
        return answers.removed(request, found, text)
    undo = reverse("attachments:file_restore", args=[found.pk])
    messages.success(request, text, extra_tags=undo)
    return redirect(answers.address_of(found.task_id))


@require_POST
@member_can("tasks.edit")
def file_restore(request: TenantRequest, file: UUID) -> HttpResponse:
    found = live(file, Attachment.with_trash)
    try:
        if flows.restore_attachment(attachment=found, by=request.user):
            text = gettext("%(name)s is back") % {"name": found.name}
            messages.success(request, text)
    except flows.TooMany:
        messages.error(request, gettext("The task has as many files as it can have."))
    return redirect(answers.address_of(found.task_id))


def live(file: UUID, rows: Any = Attachment.objects) -> Attachment:
    """Return a file of a task that is not in the trash, or answer 404."""
    there = rows.filter(task__deleted_at=None).select_related("task")
    found: Attachment = get_object_or_404(there, pk=file)
    return found
