"""What people do to their own accounts, recorded where it happens."""

from collections.abc import Mapping
from typing import Any

from accounts.signals import person_changed
from organizations.audit.recording import record


def record_person(
    *,
    action: str,
    person: Any,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    label: str | None = None,
    **kwargs: Any,
) -> None:
    """Write an entry for an act of a person; it is theirs, whoever is signed in."""
    record(action, person, by=person, before=before, after=after, label=label)


def connect() -> None:
    """Listen, once."""
    person_changed.connect(record_person, dispatch_uid="audit.record_person")
