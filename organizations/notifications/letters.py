"""Mails about what people were told: one at once, or those of a day together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.mail import absolute, mail_to
from accounts.models import User, offered_language
from organizations.models import Organization
from organizations.notifications.choices import present
from organizations.notifications.kinds import KINDS, Kind
from organizations.notifications.models import Notification
from organizations.notifications.sentences import sentence
from organizations.notifications.unsubscribing import EVERY_DIGEST, token_for
from organizations.permissions import effective

# A longer one nobody reads; the rest is counted, and in the inbox.
DIGEST_LENGTH: Final = 30


@transaction.atomic
def send(notification_id: str) -> None:
    """Mail one notification, unless it is read, withdrawn or mailed by now."""
    rows = Notification.objects.filter(
        pk=notification_id, mailed_at=None, read_at=None, withdrawn_at=None
    )
    note = rows.select_for_update().first()
    person = note and recipient(note.user_id, KINDS[note.kind])
    if note is None or person is None:
        return
    letter(note, person).send()
    rows.update(mailed_at=timezone.now())


def letter(note: Notification, person: User) -> EmailMultiAlternatives:
    """Return the mail of one notification."""
    organization = home(note)
    kind = KINDS[note.kind]
    with translation.override(offered_language(person.language)):
        words = sentence(note, organization)
    context = {
        "kind": kind,
        "note": note,
        "sentence": words,
        "organization": organization,
        "address": within(organization, note_path(note)),
        "settings": within(organization, reverse("notifications:preferences")),
    }
    if kind.is_critical:
        return mail_to(person, "notification", **context)
    return with_way_out(person, "notification", organization, kind.code, context)


def with_way_out(
    person: User,
    name: str,
    organization: Organization,
    code: str,
    context: dict[str, Any],
) -> EmailMultiAlternatives:
    """Return a mail that ends its kind with one click, in it and by its headers."""
    token = token_for(organization.pk, person.pk, code)
    way_out = absolute(reverse("notifications:unsubscribe", args=[token]))
    mail = mail_to(person, name, way_out=way_out, **context)
    mail.extra_headers["List-Unsubscribe"] = f"<{way_out}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def send_digest(user_id: str, moment: str) -> None:
    """Mail what was gathered for somebody at a moment and is still unread."""
    person = recipient(user_id)
    found = digested(user_id, moment)
    if person is None or not found:
        return
    organization = home(found[0])
    with translation.override(offered_language(person.language)):
        lines = lines_of(found[:DIGEST_LENGTH], organization)
    context = {
        "lines": lines,
        "number": len(found),
        "more": max(len(found) - DIGEST_LENGTH, 0),
        "organization": organization,
        "address": within(organization, reverse("notifications:inbox")),
        "settings": within(organization, reverse("notifications:preferences")),
    }
    with_way_out(person, "digest", organization, EVERY_DIGEST, context).send()


def digested(user_id: str, moment: str) -> list[Notification]:
    """Return what was gathered for a person at a moment, the newest first."""
    rows = Notification.objects.filter(
        user_id=user_id,
        digested_at=datetime.fromisoformat(moment),
        read_at=None,
        archived_at=None,
        withdrawn_at=None,
    )
    return list(rows.order_by("-pk"))


def lines_of(
    notes: Sequence[Notification], organization: Organization
) -> list[dict[str, str]]:
    return [
        {
            "sentence": sentence(note, organization),
            "excerpt": note.excerpt,
            "address": within(organization, note_path(note)),
        }
        for note in notes
    ]


def recipient(user_id: Any, kind: Kind | None = None) -> User | None:
    """Return a person who may be written to: a member still, not suspended, and one
    whom a kind concerns still."""
    found = present(user_id)
    if found is None or (kind and not kind.concerns(effective(found))):
        return None
    return found.user


def home(note: Notification) -> Organization:
    key: Any = note.organization_id
    return Organization.objects.get(pk=key)


def note_path(note: Notification) -> str:
    return reverse("notifications:notification_open", args=[note.pk])


def within(organization: Organization, path: str) -> str:
    """Return the full address of a page as the organization's, whichever is active."""
    enter = reverse("organizations:organization_enter", args=[organization.slug])
    return absolute(f"{enter}?{urlencode({'next': path})}")
