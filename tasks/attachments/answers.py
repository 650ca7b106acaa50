"""What the pages of attachments answer: files, and lists of them."""

import json
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from organizations.http import TenantRequest
from tasks.attachments.forms import FilesForm
from tasks.attachments.models import Attachment
from tasks.attachments.page import files
from tasks.models import Task

# Whatever a file holds, a browser that shows it runs nothing of it.
POLICY = "sandbox; default-src 'none'"


def files_page(
    request: TenantRequest, task: Task, form: FilesForm | None = None
) -> HttpResponse:
    """Return a task's files, with the form as it was sent."""
    context = {"task": task, **files(task=task)}
    context["key"] = task.key(request.organization.task_prefix)
    status = 200
    if form is not None:
        context["files_form"] = form
        status = 422 if form.is_bound else 200
    part = "#part" if request.htmx else ""
    template = f"attachments/file_create.html{part}"
    return render(request, template, context, status=status)


def after(request: TenantRequest, task: Task) -> HttpResponse:
    """Return the files as they are now, or lead back to the task's page."""
    if request.htmx:
        return files_page(request, task)
    return redirect(address_of(task.pk))


def removed(request: TenantRequest, attachment: Attachment, text: str) -> HttpResponse:
    """Return the files that are left, and a toast that can undo it."""
    response = files_page(request, attachment.task)
    undo = reverse("attachments:file_restore", args=[attachment.pk])
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo}})
    return response


def address_of(task_id: UUID) -> str:
    """Return where a task's files stand on its page."""
    return reverse("tasks:task_detail", args=[task_id]) + "#files"


def file_response(path: str, content_type: str, *, name: str = "") -> HttpResponse:
    """Answer with a stored file; one that has a name is to be saved, not shown."""
    if not path or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type=content_type)
    if name:
        said: Any = content_disposition_header(True, name)
        response["Content-Disposition"] = said
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response
