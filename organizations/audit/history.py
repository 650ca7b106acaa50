"""Reading entries, a page at a time, and saying what each one changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organizations.audit.forms import SYSTEM, EntryFilterForm, place
from organizations.audit.models import ActorType, AuditEntry

PAGE: Final = 50
# The filters offer whom and what the newest entries name: a bounded look, however
# long the history is.
RECENT: Final = 1_000
AT_ONCE: Final = 3
ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Words of the program, such as in_progress.
IDENTIFIER: Final = re.compile(r"[a-z]+(_[a-z]+)+")
# Filters that a column answers as they are.
COLUMNS: Final = {
    "actor": "actor_id",
    "action": "action",
    "target_type": "target_type",
    "target_id": "target_id",
    "request": "request_id",
}
NEWEST: Final = ("-created_at", "-pk")


@dataclass(frozen=True)
class Actor:
    """Who made a change, as the page shows them; `pk` colours the avatar."""

    pk: UUID | None
    name: str
    type: str

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
    def about(self) -> str:
        """The filter for everything recorded of the same object."""
        entry = self.entry
        return urlencode(
            {"target_type": entry.target_type, "target_id": entry.target_id}
        )

    @property
    def rest(self) -> list[Change]:
        return self.changes[AT_ONCE:]


def entry_page(form: EntryFilterForm) -> tuple[list[Line], str | None]:
    """Return a page of entries, the newest first, and where the next begins."""
    form.is_valid()
    rows = further_back(narrowed(AuditEntry.objects.all(), form), form)
    found = list(rows.order_by(*NEWEST)[: PAGE + 1])
    more = place(found[PAGE - 1]) if len(found) > PAGE else None
    return lines_of(found[:PAGE]), more


def lines_of(entries: list[AuditEntry]) -> list[Line]:
    """Return entries ready to be shown, with the names that only their ids tell."""
    names = names_of(set(chain.from_iterable(map(people_in, entries))))
    return [
        Line(one, actor_of(one, names), list(changes(one, names))) for one in entries
    ]


def narrowed(rows: QuerySet[AuditEntry], form: EntryFilterForm) -> QuerySet[AuditEntry]:
    """Apply the filters that were understood."""
    wanted, (since, until) = form.cleaned_data, form.period()
    conditions = {
        column: wanted[name] for name, column in COLUMNS.items() if wanted.get(name)
    }
    if conditions.get("actor_id") == SYSTEM:
        conditions["actor_id"] = None
    if since is not None:
        conditions["created_at__gte"] = since
    if until is not None:
        conditions["created_at__lt"] = until
    return rows.filter(**conditions)


def further_back(
    rows: QuerySet[AuditEntry], form: EntryFilterForm
) -> QuerySet[AuditEntry]:
    """Leave out what stands on the pages before."""
    if not form.cleaned_data.get("before"):
        return rows
    moment, key = form.cleaned_data["before"]
    # The first condition alone lets the index begin there.
    rows = rows.filter(created_at__lte=moment)
    return rows.filter(Q(created_at__lt=moment) | Q(pk__lt=key))


def choices() -> tuple[list[tuple[str, str]], list[str]]:
    """Return the actors and actions that the filters offer."""
    newest = AuditEntry.objects.order_by(*NEWEST).values("pk")[:RECENT]
    rows = list(
        AuditEntry.objects.filter(pk__in=newest)
        .only("actor_id", "actor_type", "actor_label", "action")
        .distinct("actor_id", "action")
        .order_by("actor_id", "action", *NEWEST)
    )
    names = names_of(
        {str(row.actor_id) for row in rows if row.actor_id and not row.actor_label}
    )
    actors = {str(row.actor_id or SYSTEM): actor_of(row, names).name for row in rows}
    people = sorted(actors.items(), key=lambda one: one[1].casefold())
    return people, sorted({row.action for row in rows})


def changes(entry: AuditEntry, names: dict[str, str]) -> Iterator[Change]:
    """Yield what an entry's change did to each field."""
    for field in dict.fromkeys([*entry.before, *entry.after]):
        yield Change(
            field.replace("_", " "),
            shown(entry.before[field], names) if field in entry.before else None,
            shown(entry.after[field], names) if field in entry.after else None,
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
    return Actor(entry.actor_id, name, entry.actor_type)


def names_of(ids: set[str]) -> dict[str, str]:
    """Return today's names of people whose entries hold only ids, colleagues only."""
    if not ids:
        return {}
    people = get_user_model()._default_manager.filter(pk__in=ids)
    return {str(key): name for key, name in people.values_list("pk", "name")}
