"""Comments for other programs: what is said about a task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from organizations.api.bodies import checked
from organizations.api.people import Person, people, person
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import (
    PROBLEMS,
    Body,
    Page,
    PageQuery,
    created,
    cursor_of,
    nothing,
    place_of,
    refuse_changed,
    shown,
)
from organizations.http import TenantRequest
from organizations.paging import page_behind
from organizations.tenancy.models import uuid7
from tasks.comments import flows
from tasks.comments.forms import EditForm
from tasks.comments.models import MOST_CHARACTERS
from tasks.comments.models import Comment as Row
from tasks.models import Task

router = Router(tags=["Comments"])


class Comment(Schema):
    """What one person or program said about one task."""

    id: UUID
    task: UUID
    author: Person | None = Field(
        description="Null for a program's, and once its author has left."
    )
    program: str | None = Field(
        description="What the key was called that wrote it; null for a person's."
    )
    body: str = Field(description="Markdown; @ and a name mention a colleague.")
    created_at: datetime
    edited_at: datetime | None


class CommentPage(Page[Comment]):
    """Some comments; `next` is the cursor of what follows, null behind the last."""


class CommentBody(Body):
    """What is said."""

    body: str = Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="Markdown; @ and a name mention a colleague.",
    )


@router.get(
    "/tasks/{uuid:task_id}/comments",
    auth=Scope("tasks.view"),
    response={200: CommentPage, **PROBLEMS},
)
def list_comments(
    request: TenantRequest, task_id: UUID, page: Query[PageQuery]
) -> HttpResponse:
    """List what is said about a task, the newest first."""
    place = place_of(page.cursor)
    task = get_object_or_404(Task, pk=task_id)
    rows = Row.objects.filter(task=task)
    found = page_behind(rows, "created_at", place, page.limit)
    items = shapes(found.rows)
    return shown(request, CommentPage(items=items, next=cursor_of(found.next)))


@router.post(
    "/tasks/{uuid:task_id}/comments",
    auth=Scope("tasks.edit"),
    response={201: Comment, **PROBLEMS},
)
def create_comment(
    request: TenantRequest, task_id: UUID, data: CommentBody
) -> HttpResponse:
    """Say something about a task, in the name of the key."""
    task = get_object_or_404(Task, pk=task_id)
    said = checked(EditForm(data.model_dump()))["body"]
    made, _new = flows.write_comment(task=task, by=None, body=said, sent_as=uuid7())
    response = created(request, shape(Row.objects.get(pk=made.pk)))
    response.headers["Location"] = f"/api/v1/comments/{made.pk}"
    return response


@router.get(
    "/comments/{uuid:comment_id}",
    auth=Scope("tasks.view"),
    response={200: Comment, **PROBLEMS},
)
def get_comment(request: TenantRequest, comment_id: UUID) -> HttpResponse:
    """Read one comment."""
    return shown(request, shape(live(comment_id)))


@router.patch(
    "/comments/{uuid:comment_id}",
    auth=Scope("tasks.edit"),
    response={200: Comment, **PROBLEMS},
)
def change_comment(
    request: TenantRequest, comment_id: UUID, data: CommentBody
) -> HttpResponse:
    """Put other words in place of what a program has said; a person's are theirs."""
    with transaction.atomic():
        comment = locked(request, comment_id)
        if comment.author_id is not None:
            raise Problem("conflict", "Only who wrote a comment can edit it.")
        said = checked(EditForm(data.model_dump()))["body"]
        flows.edit_comment(comment=comment, by=None, body=said)
    return shown(request, shape(live(comment_id)))


@router.delete(
    "/comments/{uuid:comment_id}",
    auth=Scope("tasks.edit"),
    response={204: None, **PROBLEMS},
)
def remove_comment(request: TenantRequest, comment_id: UUID) -> HttpResponse:
    """Remove a comment; a person's only with the scope tasks.delete besides."""
    with transaction.atomic():
        comment = locked(request, comment_id)
        refuse_anothers(request, comment)
        flows.remove_comment(comment=comment, by=None)
    return nothing()


@router.post(
    "/comments/{uuid:comment_id}/restore",
    auth=Scope("tasks.edit"),
    response={200: Comment, **PROBLEMS},
)
def restore_comment(request: TenantRequest, comment_id: UUID) -> HttpResponse:
    """Bring a removed comment back, within thirty days."""
    comment = live(comment_id, Row.with_trash)
    refuse_anothers(request, comment)
    flows.restore_comment(comment=comment, by=None)
    return shown(request, shape(live(comment_id)))


def live(comment_id: UUID, rows: Any = Row.objects) -> Row:
    """Return a comment of a task that is not in the trash; Http404 without one."""
    there = rows.filter(task__deleted_at=None).select_related("task")
    found: Row = get_object_or_404(there, pk=comment_id)
    return found


def locked(request: TenantRequest, comment_id: UUID) -> Row:
    """Return a comment that nobody else changes until the transaction ends."""
    comment = live(comment_id, Row.objects.select_for_update(of=("self",)))
    if "If-Match" in request.headers:
        refuse_changed(request, shape(comment))
    return comment


def refuse_anothers(request: TenantRequest, comment: Row) -> None:
    """Raise a Problem for a person's comment unless the key may delete."""
    if comment.author_id is not None and "tasks.delete" not in request.abilities:
        words = "It lacks the scope tasks.delete."
        raise Problem("scope_missing", words, scope="tasks.delete")


def shape(comment: Row) -> Comment:
    return shapes([comment])[0]


def shapes(comments: Iterable[Row]) -> list[Comment]:
    """Return comments with their authors."""
    rows = list(comments)
    authors = people(row.author_id for row in rows)
    return [
        Comment(
            id=row.pk,
            task=row.task_id,
            author=person(authors, row.author_id),
            program=row.author_name or None,
            body=row.body,
            created_at=row.created_at,
            edited_at=row.edited_at,
        )
        for row in rows
    ]
