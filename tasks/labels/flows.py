"""Journeys of labels."""

from typing import Any

from django.db import transaction

from organizations.audit.recording import record
from tasks.labels.models import MOST, Label, TooMany, refusing_names


def create_label(*, by: Any, name: str, colour: str) -> Label:
    """Make a label in the active organization; NameTaken when there is one so called,
    TooMany when there is no room for another."""
    with refusing_names(), transaction.atomic():
        if Label.objects.count() >= MOST:
            raise TooMany
        label = Label.objects.create(name=name, colour=colour)
        record("label.created", label, by=by, after={"name": name, "colour": colour})
    return label
