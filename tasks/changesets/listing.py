"""Reading change-sets: the recent ones, and what one of them did."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tasks.changesets.fields import FIELDS
from tasks.changesets.models import ChangeSet, ChangeSetItem, Kind, State
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
    rows = ChangeSet.objects.select_related("made_by")
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
        for name, field in FIELDS.items()
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


def names_for(values: Iterable[dict[str, Any]]) -> Any:
    """Return the names of all people that some changes are about."""
    people = {one for each in values for one in each.get("assignees", ())}
    return names_of(active_organization(), people)
