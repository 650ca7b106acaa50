"""Who is told of which event: rules, which each room registers for its own actions."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, NamedTuple
from uuid import UUID

from organizations.audit.models import AuditEntry


@dataclass(frozen=True)
class Notice:
    """One piece of news, before it is known who wants to hear it.

    `people` are all whom it concerns; who did it, has left, is suspended, may not see
    it or has muted it is left out later. `once` leaves out who was told of this part.
    `several` is the path of a page about many such things that were done at once.
    """

    kind: str
    people: Collection[UUID]
    path: str
    subject: str = ""
    subject_type: str = ""
    subject_id: UUID | None = None
    part_id: UUID | None = None
    excerpt: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    once: bool = False
    several: str = ""


class Fate(Enum):
    """What becomes of what was told about a thing when the thing itself goes."""

    HIDDEN = "in the trash"
    BACK = "out of it again"
    GONE = "for good"


class End(NamedTuple):
    """A fate, and the name under which an entry's `after` has the part's id."""

    fate: Fate
    part: str


Rule = Callable[[AuditEntry], Iterable[Notice]]

rules: Final[dict[str, list[Rule]]] = {}
ends: Final[dict[str, End]] = {}


def notifies(*actions: str) -> Callable[[Rule], Rule]:
    """Make a function the rule of some actions: it says who is told of an entry."""

    def register(rule: Rule) -> Rule:
        for action in actions:
            known = rules.setdefault(action, [])
            if rule not in known:
                known.append(rule)
        return rule

    return register


def ending(fate: Fate, *actions: str, part: str = "") -> None:
    """Let an action decide over what was told about its object, or a part of it."""
    for action in actions:
        ends[action] = End(fate, part)
