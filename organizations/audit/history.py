"""Reading entries, a page at a time, and saying what each one changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organizations.audit.forms import PROGRAMS, SYSTEM, EntryFilterForm, place
from organizations.audit.models import ActorType, AuditEntry

PAGE: Final = 50
# The filters offer whom and what the newest entries name: a bounded look, however
# long the history is.
RECENT: Final = 1_000
AT_ONCE: Final = 3
ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Words of the program, such as in_progress.
IDENTIFIER: Final = re.compile(r"[a-z]+(_[a-z]+)+")
# What a filter of the form is called in the table.
COLUMNS: Final = {
    "action": "action",
    "type": "target_type",
    "object": "target_id",
    "request": "request_id",
}
NEWEST: Final = ("-created_at", "-pk")


@dataclass(frozen=True)
class Actor:
    """Who made a change, as the page shows them; `pk` colours the avatar.

    `behind` is who acted as them.
    """

    pk: UUID | None
    name: str
    type: str
    behind: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Change:
    """One field of an entry's target, before and after; either may be missing."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Line:
    """One entry with its actor and changes, ready to be shown."""

    entry: AuditEntry
    actor: Actor
    changes: list[Change]

    @property
    def first(self) -> list[Change]:
        """The changes shown at once; a new task says more than a line should."""
        return self.changes[:AT_ONCE]

    @property
    def rest(self) -> list[Change]:
        return self.changes[AT_ONCE:]


def entry_page(form: EntryFilterForm) -> tuple[list[Line], str | None]:
    """Return a page of entries, the newest first, and where the next begins."""
    form.is_valid()
    rows = narrowed(AuditEntry.objects.all(), form)
    found = list(rows.order_by(*NEWEST)[: PAGE + 1])
    more = place(found[PAGE - 1]) if len(found) > PAGE else None
    return lines_of(found[:PAGE]), more


def lines_of(entries: list[AuditEntry]) -> list[Line]:
    """Return entries as they are shown, with the names of all who are in them."""
    names = names_of(set(chain.from_iterable(map(people_in, entries))))
    names |= names_of_impersonators(
        {str(i) for e in entries if (i := e.impersonator_id)}
    )
    return [
        Line(one, actor_of(one, names), list(changes(one, names))) for one in entries
    ]


def narrowed(rows: QuerySet[AuditEntry], form: EntryFilterForm) -> QuerySet[AuditEntry]:
    """Apply the filters that were understood."""
    wanted, (since, until) = form.cleaned_data, form.span()
    if wanted.get("actor"):
        rows = made_by(rows, wanted["actor"])
    for name, column in COLUMNS.items():
        if wanted.get(name):
            rows = rows.filter(**{column: wanted[name]})
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lt=until)
    if wanted.get("before"):
        moment, key = wanted["before"]
        # The first condition alone lets the index begin there.
        rows = rows.filter(created_at__lte=moment).filter(
            Q(created_at__lt=moment) | Q(pk__lt=key)
        )
    return rows


def made_by(rows: QuerySet[AuditEntry], actor: Any) -> QuerySet[AuditEntry]:
    """Keep what a person made, all programs, or nobody at all."""
    if actor not in (SYSTEM, PROGRAMS):
        return rows.filter(actor_id=actor)
    program = Q(actor_type=ActorType.PROGRAM)
    return rows.filter(program if actor == PROGRAMS else ~program, actor=None)


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    actors: list[tuple[str, str]]
    actions: list[str]
    types: list[str]


def choices() -> Choices:
    """Return the actors, actions and types of object that the newest entries name."""
    newest = AuditEntry.objects.order_by(*NEWEST).values("pk")[:RECENT]
    rows = list(
        AuditEntry.objects.filter(pk__in=newest)
        .only(
            "actor_id",
            "actor_type",
            "actor_label",
            "impersonator_id",
            "action",
            "target_type",
        )
        .distinct("actor_id", "actor_type", "action", "target_type")
        .order_by("actor_id", "actor_type", "action", "target_type", *NEWEST)
    )
    names = names_of(
        {str(row.actor_id) for row in rows if row.actor_id and not row.actor_label}
    )
    actors = dict(chosen(row, names) for row in rows)
    people = sorted(actors.items(), key=lambda one: one[1].casefold())
    types = sorted({row.target_type for row in rows if row.target_type})
    return Choices(people, sorted({row.action for row in rows}), types)


def chosen(row: AuditEntry, names: dict[str, str]) -> tuple[str, str]:
    """Return how the filter names an entry's actor; all programs are one."""
    if row.actor_type == ActorType.PROGRAM:
        return PROGRAMS, _("Programs")
    return str(row.actor_id or SYSTEM), actor_of(row, names).name


def changes(entry: AuditEntry, names: dict[str, str]) -> Iterator[Change]:
    """Yield what an entry's change did to each field that is different now."""
    before, after = entry.before, entry.after
    for field in dict.fromkeys([*before, *after]):
        if field in before and field in after and before[field] == after[field]:
            continue
        yield Change(
            _(field.replace("_", " ")),
            shown(before[field], names) if field in before else None,
            shown(after[field], names) if field in after else None,
        )


def shown(value: Any, names: dict[str, str]) -> str:
    """Return a recorded value in words."""
    if isinstance(value, dict):
        parts = (f"{key}: {shown(part, names)}" for key, part in value.items())
        return ", ".join(parts) or "–"
    if isinstance(value, list):
        return ", ".join(shown(part, names) for part in value) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "–"
    text = names.get(str(value), str(value))
    return text.replace("_", " ") if IDENTIFIER.fullmatch(text) else text


def people_in(entry: AuditEntry) -> Iterator[str]:
    """Yield the ids in an entry that may be people's, its actor's if not named."""
    if entry.actor_id and not entry.actor_label:
        yield str(entry.actor_id)
    for value in (*entry.before.values(), *entry.after.values()):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str) and ID.fullmatch(part):
                yield part


def actor_of(entry: AuditEntry, names: dict[str, str]) -> Actor:
    """Return who made a change: by the name they had then, else by what they were."""
    name = entry.actor_label or names.get(str(entry.actor_id), "")
    if not name and entry.actor_type == ActorType.OPERATOR:
        name = _("Insula operator")
    elif not name:
        name = _("System") if entry.actor_id is None else _("Former member")
    behind = ""
    if entry.impersonator_id is not None:
        behind = names.get(str(entry.impersonator_id), _("Insula operator"))
    return Actor(entry.actor_id, name, entry.actor_type, behind)


def names_of(ids: set[str]) -> dict[str, str]:
    """Return today's names of people whose entries hold only ids, colleagues only."""
    if not ids:
        return {}
    people = get_user_model()._default_manager.filter(pk__in=ids)
    return {str(key): name for key, name in people.values_list("pk", "name")}


def names_of_impersonators(ids: set[str]) -> dict[str, str]:
    """Return what staff were called when they acted here under their own name."""
    if not ids:
        return {}
    rows = AuditEntry.objects.filter(actor_id__in=ids).exclude(actor_label="")
    newest = rows.distinct("actor_id").order_by("actor_id", "-created_at")
    return {
        str(key): label for key, label in newest.values_list("actor_id", "actor_label")
    }
