"""What was said about a task and what was done to it, as one line through time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.safestring import SafeString

from accounts.models import User
from tasks.activity import Event, history, up_to
from tasks.comments.mentions import drawn
from tasks.comments.models import Comment, Mention
from tasks.models import Task
from tasks.places import Place

PAGE = 30


@dataclass(frozen=True)
class Said:
    """One comment as the timeline shows it; who left the organization has no name.

    `program` is what one was called that wrote it in no person's name.
    """

    id: UUID
    at: datetime
    author: User | None
    author_id: UUID | None
    text: SafeString
    edited_at: datetime | None
    program: str = ""


@dataclass(frozen=True)
class Timeline:
    """A stretch of a task's time, the newest last; `earlier` says where more begins."""

    items: list[Event | Said]
    earlier: Place | None


def timeline(task: Task, before: Place | None = None) -> Timeline:
    """Return the latest comments and events of a task up to a place."""
    comments = up_to(before, Comment.objects.filter(task=task))[: PAGE + 1]
    items: list[Event | Said] = [
        *history(task, before, PAGE + 1),
        *said(list(comments)),
    ]
    items.sort(key=lambda item: (item.at, item.id))
    shown = items[-PAGE:]
    more = len(items) > len(shown)
    return Timeline(shown, Place(shown[0].at, shown[0].id) if more else None)


def said(comments: list[Comment]) -> list[Said]:
    """Return comments with their authors, as markup with the mentions marked."""
    authors = User.objects.in_bulk({one.author_id for one in comments})
    names: dict[UUID, list[str]] = defaultdict(list)
    mentions = Mention.objects.filter(comment__in=[one.pk for one in comments])
    for comment_id, name in mentions.values_list("comment_id", "name"):
        names[comment_id].append(name)
    return [
        Said(
            id=one.pk,
            at=one.created_at,
            author=authors.get(one.author_id) if one.author_id else None,
            author_id=one.author_id,
            text=drawn(one.body, names[one.pk]),
            edited_at=one.edited_at,
            program=one.author_name,
        )
        for one in comments
    ]
