"""Many new tasks out of one body, each as the page's form takes it.

What they name (people, labels, teams) is looked up once for all of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from organizations.api.bodies import only
from organizations.api.problems import Problem
from tasks.forms import TaskForm
from tasks.shapes import NewTask

PLAIN = ("title", "description", "status", "priority", "due_date")
# What names other rows, and how a form's field finds them.
SEVERAL = ("assignees", "labels")
NAMED = (*SEVERAL, "team")


def drafts_of(tasks: Sequence[NewTask]) -> list[dict[str, Any]]:
    """Return what is to be made; Problem that says of each task what is wrong."""
    bodies = [task.model_dump() for task in tasks]
    known = {name: rows(name, bodies) for name in NAMED}
    errors: list[dict[str, str]] = []
    drafts = [
        draft(body, known, f"body.tasks.{place}", errors)
        for place, body in enumerate(bodies)
    ]
    if errors:
        raise Problem("invalid", errors=errors)
    return drafts


def rows(name: str, bodies: Iterable[dict[str, Any]]) -> dict[UUID, Any]:
    """Return the rows that a field names in any of the bodies, by id."""
    ids = {one for body in bodies for one in ids_in(name, body)}
    if not ids:
        return {}
    field: Any = TaskForm().fields[name]
    return {row.pk: row for row in field.queryset.filter(pk__in=ids)}


def ids_in(name: str, body: dict[str, Any]) -> list[UUID]:
    if name in SEVERAL:
        return list(body[name])
    return [body[name]] if body[name] else []


def draft(
    body: dict[str, Any],
    known: dict[str, dict[UUID, Any]],
    place: str,
    errors: list[dict[str, str]],
) -> dict[str, Any]:
    """Return one task to be made; what is wrong with it goes to the errors."""
    form = only(TaskForm({name: body[name] for name in PLAIN}), PLAIN)
    found = dict(form.cleaned_data) if form.is_valid() else {}
    for name, problems in form.errors.items():
        errors += [{"where": f"{place}.{name}", "detail": str(one)} for one in problems]
    for name in NAMED:
        chosen = ids_in(name, body)
        errors += [
            {"where": f"{place}.{name}", "detail": unknown(name, one)}
            for one in chosen
            if one not in known[name]
        ]
        there = [known[name][one] for one in chosen if one in known[name]]
        found[name] = there if name in SEVERAL else next(iter(there), None)
    return found


def unknown(name: str, value: Any) -> str:
    """Return what the form says of an id that it does not know."""
    field = TaskForm.base_fields[name]
    words = field.error_messages["invalid_choice"]
    return " ".join(ValidationError(words, params={"value": value}).messages)
