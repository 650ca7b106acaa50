"""Which tasks a change is about: some by id, or whatever a list's address finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from organizations.tenancy.models import uuid7
from tasks.filters import NOBODY, Filters, read
from tasks.labels.models import TaskLabel
from tasks.models import Task, TaskAssignee
from tasks.search import key_of, prefix_query

# More than this is worked off by a job.
IN_REQUEST: Final = 500

DOERS = TaskAssignee.objects.filter(task_id=OuterRef("pk"))


class NotUnderstood(Exception):
    """An address narrows a list in a way that this room does not know: nothing may be
    done to more tasks than were looked at."""


def of_person(filters: Filters, me: UUID | None) -> Q:
    if filters.assignee == NOBODY:
        return ~Q(Exists(DOERS))
    return Q(Exists(DOERS.filter(user_id=filters.user_id(me))))


def of_words(filters: Filters, me: UUID | None) -> Q:
    query = SearchQuery(prefix_query(filters.words), config="simple", search_type="raw")
    relation: Any = Task._meta.get_field("comments")
    said = relation.related_model.objects
    found = Q(search=query) | Q(
        Exists(said.filter(task_id=OuterRef("pk"), search=query))
    )
    prefix, number = key_of(filters.words)
    if number is None:
        return found
    ours = Q(organization__task_prefix=prefix) if prefix else Q()
    return found | ours & Q(number=number)


CONDITIONS: Final[dict[str, Callable[[Filters, UUID | None], Q]]] = {
    "words": of_words,
    "status": lambda filters, me: Q(status=filters.status),
    "priority": lambda filters, me: Q(priority=filters.priority),
    "assignee": of_person,
    "label": lambda filters, me: Q(
        Exists(TaskLabel.objects.filter(task_id=OuterRef("pk"), label_id=filters.label))
    ),
    "team": lambda filters, me: Q(team_id=filters.team),
}
# They say how a list is shown, not what is in it.
SHOWN: Final = frozenset({"cursor", "group", "picking", "sort"})


@dataclass(frozen=True)
class Selection:
    """Tasks by id or number, or by the address of a list; `until` leaves out those made
    since."""

    ids: tuple[UUID, ...] = ()
    numbers: tuple[int, ...] = ()
    matching: str | None = None
    until: UUID | None = None

    @classmethod
    def of(cls, picks: Sequence[UUID | int], matching: str | None) -> "Selection":
        """Return what was selected just now."""
        if matching is None:
            every = dict.fromkeys(picks)
            return cls(
                ids=tuple(one for one in every if isinstance(one, UUID)),
                numbers=tuple(one for one in every if isinstance(one, int)),
            )
        return cls(matching=matching, until=uuid7())

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Selection":
        """Return a selection that was kept."""
        if "matching" in kept:
            return cls(matching=kept["matching"], until=UUID(kept["until"]))
        return cls(ids=tuple(map(UUID, kept["ids"])), numbers=tuple(kept["numbers"]))

    @property
    def size(self) -> int:
        """How many were ticked."""
        return len(self.ids) + len(self.numbers)

    def kept(self) -> dict[str, Any]:
        """Return the selection as it is kept for the job."""
        if self.matching is None:
            return {"ids": [str(one) for one in self.ids], "numbers": self.numbers}
        return {"matching": self.matching, "until": str(self.until)}

    def rows(self, me: UUID | None) -> QuerySet[Task]:
        """Return the selected tasks that there are; `me` is who selected."""
        if self.matching is None:
            picked = Q(pk__in=self.ids) | Q(number__in=self.numbers)
            return Task.objects.filter(picked)
        return matching(read(QueryDict(self.matching.lstrip("?"))), me).filter(
            pk__lte=self.until
        )


def matching(filters: Filters, me: UUID | None) -> QuerySet[Task]:
    """Return every task that a list with these filters leads to."""
    rows = Task.objects.all()
    for field in fields(filters):
        if field.name in SHOWN or not getattr(filters, field.name):
            continue
        if field.name not in CONDITIONS:
            raise NotUnderstood(field.name)
        rows = rows.filter(CONDITIONS[field.name](filters, me))
    return rows
