"""The labels that a file names: found, or made."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import User
from tasks.labels.flows import create_label
from tasks.labels.models import Colour, Label


def marked(drafts: list[dict[str, Any]], *, by: User) -> list[dict[str, Any]]:
    """Return drafts with labels in place of their names; those there are not are made."""
    names = {name for draft in drafts for name in draft.get("labels", ())}
    found = {label.name: label for label in Label.objects.filter(name__in=names)}
    for name in sorted(names - found.keys()):
        found[name] = called(name, by)
    return [
        # Two names may be one label, written in two ways.
        draft | {"labels": list(dict.fromkeys(found[n] for n in draft["labels"]))}
        if "labels" in draft
        else draft
        for draft in drafts
    ]


def called(name: str, by: User) -> Label:
    """Return the label of a name, which the database says is the same, or a new one."""
    rows = Label.objects.annotate(word=Lower("name"))
    there: Label | None = rows.filter(word=Lower(Value(name))).first()
    return there or create_label(by=by, name=name, colour=Colour.BLUE)
