"""What the pages of comments answer, with htmx and without."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from organizations.http import TenantRequest
from tasks.comments.forms import CommentForm, EditForm
from tasks.comments.models import Comment
from tasks.comments.page import watching_part
from tasks.comments.timeline import said as as_said
from tasks.models import Task


def address_of(comment: Comment) -> str:
    """Return where a comment stands on its task's page."""
    page = reverse("tasks:task_detail", args=[comment.task_id])
    return f"{page}#comment-{comment.pk}"


def activity_of(task_id: UUID) -> str:
    """Return where a task's timeline stands on its page."""
    return reverse("tasks:task_detail", args=[task_id]) + "#activity"


def new_form(request: TenantRequest, task: Task, form: CommentForm) -> HttpResponse:
    """Return the form for a new comment, with what was typed and what is wrong."""
    context = {"task": task, "comment_form": form, "key": key_of(request, task)}
    return form_page(request, "comments/comment_create.html", context, form)


def edit_form(request: TenantRequest, comment: Comment, form: EditForm) -> HttpResponse:
    """Return the form that stands in a comment's place while it is edited."""
    context = {"comment": comment, "task": comment.task, "form": form}
    context["key"] = key_of(request, comment.task)
    return form_page(request, "comments/comment_edit.html", context, form)


def form_page(
    request: TenantRequest, template: str, context: dict[str, Any], form: EditForm
) -> HttpResponse:
    part = "#form" if request.htmx else ""
    status = 422 if form.errors else 200
    return render(request, f"{template}{part}", context, status=status)


def appended(
    request: TenantRequest, task: Task, comment: Comment, *, new: bool
) -> HttpResponse:
    """Return a new comment for the end of the timeline, and an empty form."""
    if not new:
        # The page has it already, or has lost it: only loading it again tells.
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    comment.refresh_from_db(fields=["created_at"])
    context = {"task": task, "item": as_said([comment])[0], "new": True}
    context["comment_form"] = CommentForm()
    return render(request, "comments/appended.html", context)


def shown(request: TenantRequest, comment: Comment) -> HttpResponse:
    """Return a comment as the timeline shows it."""
    context = {"item": as_said([comment])[0], "task": comment.task}
    return render(request, "comments/comment.html", context)


def said(text: str, undo: str) -> HttpResponse:
    """Return nothing in a removed comment's place, and a toast that can undo it."""
    response = HttpResponse()
    toast = {"text": text, "undo": undo} if undo else {"text": text}
    response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def watching(request: TenantRequest, task: Task) -> HttpResponse:
    """Return who follows a task now."""
    if not request.htmx:
        return redirect("tasks:task_detail", task.pk)
    context = {"task": task, **watching_part(request, task)}
    return render(request, "comments/watchers.html", context)


def key_of(request: TenantRequest, task: Task) -> str:
    return task.key(request.organization.task_prefix)
