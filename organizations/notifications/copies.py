"""What a person was told and has chosen, for the copy they may ask for."""

from typing import Any

from organizations.notifications.models import Mute, Notification, Preference
from organizations.personal.parts import Rows, collecting, rows

TOLD = (
    "kind",
    "severity",
    "actor_name",
    "subject_label",
    "excerpt",
    "created_at",
    "read_at",
    "archived_at",
    "mailed_at",
    "digested_at",
)


def told_to(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return what a person was told."""
    found = Notification.objects.filter(user=person).order_by("pk")
    return "notifications", rows(found.values(*TOLD))


def chosen_by(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return what a person has chosen to hear, and how."""
    found = Preference.objects.filter(user=person).order_by("pk")
    return "notification-preferences", rows(found.values("kind", "channel", "is_on"))


def muted_by(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return what a person wants to hear nothing of."""
    found = Mute.objects.filter(user=person).order_by("pk")
    return "muted", rows(found.values("subject_type", "subject_id", "created_at"))


def connect() -> None:
    """Listen, once."""
    for part in (told_to, chosen_by, muted_by):
        collecting.connect(part, dispatch_uid=f"notifications.{part.__name__}")
