"""The words of a notification, made for whoever reads it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from organizations.limits.models import Key
from organizations.models import Organization, Role
from organizations.notifications.kinds import KINDS
from organizations.notifications.models import Notification

HOUR: Final = timedelta(hours=1)
# A longer name may be broken over lines.
SHORT: Final = 12


def sentence(note: Notification, organization: Organization) -> str:
    """Return what a notification says, as text."""
    words, values = template_of(note, organization)
    return words % values


def markup(note: Notification, organization: Organization) -> SafeString:
    """Return what a notification says; the thing's name is not broken in two."""
    words, values = template_of(note, organization)
    safe = {name: conditional_escape(value) for name, value in values.items()}
    if 0 < len(note.subject_label) <= SHORT and " " not in note.subject_label:
        safe["subject"] = format_html(
            '<span class="nowrap">{}</span>', note.subject_label
        )
    return mark_safe(conditional_escape(words) % safe)  # noqa: S308


def template_of(
    note: Notification, organization: Organization
) -> tuple[str, dict[str, Any]]:
    """Return a sentence with names in it, and what stands for each of them."""
    kind = KINDS[note.kind]
    many = kind.many if "count" in note.values else None
    values = {
        **note.values,
        "actor": note.actor_name or gettext("Somebody"),
        "subject": note.subject_label,
        "organization": organization.name,
    }
    if "role" in note.values:
        custom = note.values.get("custom_role")
        values["role"] = custom or Role(note.values["role"]).label
    if "thing" in note.values:
        values["subject"] = Key(note.values["thing"]).label
    return str(many or kind.words), values


def age(moment: datetime) -> str:
    """Return how long ago something was, or the day of it, on the reader's clock."""
    passed = timezone.now() - moment
    if passed < HOUR:
        minutes = max(int(passed.total_seconds()) // 60, 0)
        return (
            gettext("%(number)s min") % {"number": minutes}
            if minutes
            else gettext("Now")
        )
    here, today = timezone.localtime(moment), timezone.localdate()
    if here.date() == today:
        return gettext("%(number)s h") % {"number": passed // HOUR}
    if here.date() == today - timedelta(days=1):
        return gettext("Yesterday")
    return date_format(here, "j M" if here.year == today.year else "j M Y")
