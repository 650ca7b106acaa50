"""Reading change-sets: the recent ones, and what one of them did."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from organizations.teams.models import Team
from tasks.changesets.fields import ADDED, ASKED, FIELDS
from tasks.changesets.models import ChangeSet, ChangeSetItem, Kind, State
from tasks.labels.models import Label
from tasks.people import names_of
from tasks.queries import active_organization

PAGE: Final = 50


@dataclass(frozen=True)
class Line:
    """One field of one task in a change; without a field, the task alone."""

    task: Any
    key: str
    label: Any = ""
    before: str = ""
    after: str = ""
    now: str = ""


def recent(after: UUID | None) -> tuple[list[ChangeSet], UUID | None]:
    """Return a page of change-sets, the latest first, and where the next begins."""
    # Not joined: whoever has left is no colleague whose row can be read.
    rows = ChangeSet.objects.prefetch_related("made_by")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    names = names_for(one.changes for one in found)
    for one in found:
        one.what = what(one, names)  # type: ignore[attr-defined]
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def what(change_set: ChangeSet, names: Any = None) -> str:
    """Return what was set, in words."""
    if change_set.kind != Kind.BULK_EDIT:
        return change_set.label
    if names is None:
        names = names_for([change_set.changes])
    changes = change_set.changes
    return ", ".join(
        f"{field.label}: {field.show(changes[name], names)}"
        for name, field in ASKED.items()
        if name in changes
    )


def lines(
    change_set: ChangeSet, prefix: str, *, after: UUID | None, whole: bool
) -> tuple[list[Line], UUID | None]:
    """Return a page of what was done, task by task, and where the next begins.

    Once it is undone, what was kept comes alone unless the whole is asked for.
    """
    rows = ChangeSetItem.objects.filter(change_set=change_set).select_related("task")
    if change_set.state == State.UNDONE and change_set.kept and not whole:
        rows = rows.exclude(kept={})
    if after is not None:
        rows = rows.filter(task_id__gt=after)
    found = list(rows.order_by("task_id")[: PAGE + 1])
    page = found[:PAGE]
    names = names_for(
        values for item in page for values in (item.before, item.after, item.kept or {})
    )
    told = [line for item in page for line in lines_of(change_set, item, prefix, names)]
    return told, page[-1].task_id if len(found) > PAGE else None


def lines_of(
    change_set: ChangeSet, item: ChangeSetItem, prefix: str, names: Any
) -> list[Line]:
    """Return one line for each field that was set, or that was kept."""
    key, kept = item.task.key(prefix), item.kept or {}
    shown = item.after if change_set.kind == Kind.BULK_EDIT else kept
    fields = [name for name in FIELDS if name in shown]
    if not fields:
        return [Line(item.task, key)]

    def said(values: dict[str, Any], name: str) -> str:
        return FIELDS[name].show(values[name], names) if name in values else ""

    return [
        Line(
            item.task,
            key,
            FIELDS[name].label,
            said(item.before, name),
            said(item.after, name),
            said(kept, name),
        )
        for name in fields
    ]


def names_for(values: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the names of all that some changes are about: people, labels, teams."""
    every = list(values)
    people = {one for each in every for one in each.get("assignees", ())}
    return names_of_things(every) | names_of(active_organization(), people)


def names_of_things(values: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the labels and teams that some changes are about."""
    every = list(values)
    words = ("labels", *ADDED)
    labels = {one for each in every for name in words for one in each.get(name, ())}
    teams = {each["team"] for each in every if each.get("team")}
    found: dict[str, str] = {}
    for model, wanted in ((Label.objects, labels), (Team.with_trash, teams)):
        if wanted:
            rows = model.filter(pk__in=wanted).values_list("pk", "name")
            found |= {str(pk): name for pk, name in rows}
    return found
