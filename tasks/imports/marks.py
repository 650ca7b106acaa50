"""The labels that a file names: found, or made."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import User
from tasks.labels.flows import create_label
from tasks.labels.models import Colour, Label

Drafts = list[dict[str, Any]]


def marked(drafts: Drafts, *, by: User) -> tuple[Drafts, list[Label]]:
    """Return drafts with labels in place of their names, and those that were made."""
    names = dict.fromkeys(name for one in drafts for name in one.get("labels", ()))
    found = {label.name: label for label in Label.objects.filter(name__in=names)}
    made = []
    # Two imports at once make them in one order, each as it was written first.
    for name in sorted((n for n in names if n not in found), key=str.lower):
        found[name] = called(name)
        if found[name] is None:
            found[name] = create_label(by=by, name=name, colour=Colour.BLUE)
            made.append(found[name])
    whole = [
        # Two names may be one label, written in two ways.
        draft | {"labels": list(dict.fromkeys(found[n] for n in draft["labels"]))}
        if "labels" in draft
        else draft
        for draft in drafts
    ]
    return whole, made


def called(name: str) -> Any:
    """Return the label of a name that the database says is the same."""
    rows = Label.objects.annotate(word=Lower("name"))
    return rows.filter(word=Lower(Value(name))).first()
