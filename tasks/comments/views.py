"""Pages of comments: told with the task, written, mended, taken back."""

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
from tasks.comments import answers, flows
from tasks.comments.forms import CommentForm, EditForm, PeopleForm, PreviewForm
from tasks.comments.mentions import offered
from tasks.comments.models import Comment
from tasks.comments.timeline import timeline
from tasks.models import Task
from tasks.places import read_place


@require_GET
@member_can("tasks.view")
def comment_list(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    before = read_place(request.GET.get("before", ""))
    context = {
        "task": found,
        "key": found.key(request.organization.task_prefix),
        "timeline": timeline(found, before),
    }
    part = "#items" if request.htmx else ""
    return render(request, f"comments/comment_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def comment_create(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return answers.new_form(request, found, form)
    comment, new = flows.write_comment(task=found, by=request.user, **form.cleaned_data)
    if request.htmx:
        return answers.appended(request, found, comment, new=new)
    return redirect(answers.address_of(comment))


@require_POST
@member_can("tasks.edit")
def markdown_preview(request: TenantRequest) -> HttpResponse:
    form = PreviewForm(request.POST)
    status = 200 if form.is_valid() else 422
    return render(request, "comments/preview.html", {"form": form}, status=status)


@require_GET
@member_can("tasks.view")
def person_list(request: TenantRequest, task: UUID) -> HttpResponse:
    get_object_or_404(Task, pk=task)
    form = PeopleForm(request.GET)
    people = offered(form.cleaned_data["q"]) if form.is_valid() else []
    return render(request, "comments/person_list.html", {"people": people})


@require_GET
@member_can("tasks.view")
def comment_detail(request: TenantRequest, comment: UUID) -> HttpResponse:
    found = live(comment)
    if request.htmx:
        return answers.shown(request, found)
    return redirect(answers.address_of(found))


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def comment_edit(request: TenantRequest, comment: UUID) -> HttpResponse:
    found = live(comment)
    if found.author_id != request.user.pk:
        messages.error(request, gettext("Only who wrote a comment can edit it."))
        return redirect(answers.address_of(found))
    form = edit_form(found, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return answers.edit_form(request, found, form)
    flows.edit_comment(comment=found, by=request.user, **form.cleaned_data)
    if request.htmx:
        return answers.shown(request, live(comment))
    return redirect(answers.address_of(found))


def edit_form(comment: Comment, posted: Any) -> EditForm:
    # The page has a form for a new comment, and may have several of this kind.
    own = f"id_%s_{comment.pk}"
    return EditForm(posted, initial={"body": comment.body}, auto_id=own)


@require_POST
@member_can("tasks.edit")
def comment_delete(request: TenantRequest, comment: UUID) -> HttpResponse:
    found = live(comment, Comment.with_trash)
    check_own(request, found)
    text, undo = gettext("Comment removed"), ""
    if flows.remove_comment(comment=found, by=request.user):
        undo = reverse("comments:comment_restore", args=[found.pk])
    if request.htmx:
        return answers.said(text, undo)
    messages.success(request, text, extra_tags=undo)
    return redirect(answers.activity_of(found.task_id))


@require_POST
@member_can("tasks.edit")
def comment_restore(request: TenantRequest, comment: UUID) -> HttpResponse:
    found = live(comment, Comment.with_trash)
    check_own(request, found)
    if flows.restore_comment(comment=found, by=request.user):
        messages.success(request, gettext("The comment is back"))
    return redirect(answers.address_of(found))


@require_POST
@member_can("tasks.view")
def watch(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    flows.watch(task=found, by=request.user)
    return answers.watching(request, found)


@require_POST
@member_can("tasks.view")
def unwatch(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    flows.unwatch(task=found, by=request.user)
    return answers.watching(request, found)


@require_POST
@member_can("tasks.view")
def mute(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    flows.mute(task=found, by=request.user)
    return answers.watching(request, found)


@require_POST
@member_can("tasks.view")
def unmute(request: TenantRequest, task: UUID) -> HttpResponse:
    found = get_object_or_404(Task, pk=task)
    flows.unmute(task=found, by=request.user)
    return answers.watching(request, found)


def live(comment: UUID, rows: Any = Comment.objects) -> Comment:
    """Return a comment of a task that is not in the trash, or answer 404."""
    there = rows.filter(task__deleted_at=None).select_related("task")
    found: Comment = get_object_or_404(there, pk=comment)
    return found


def check_own(request: TenantRequest, comment: Comment) -> None:
    """Let people take back their own comments, and who may delete tasks all."""
    if comment.author_id != request.user.pk and "tasks.delete" not in request.abilities:
        raise MissingAbility("tasks.delete")
