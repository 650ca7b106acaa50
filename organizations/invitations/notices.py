"""Who is told in their inbox of what becomes of their invitations."""

from collections.abc import Iterable

from django.urls import reverse

from organizations.audit.models import AuditEntry
from organizations.invitations.models import Invitation
from organizations.notifications.rules import Notice, notifies


def connect() -> None:
    """Register the rules, once."""
    notifies("invitation.declined")(declined)
    notifies("invitation.wanted")(wanted)


def declined(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who has invited somebody that they will not come."""
    yield from to_inviter("invitation_declined", entry)


def wanted(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who has invited somebody that they came too late, and still want to."""
    yield from to_inviter("invitation_wanted", entry)


def to_inviter(kind: str, entry: AuditEntry) -> Iterable[Notice]:
    found = Invitation.objects.filter(pk=entry.target_id).exclude(inviter=None)
    page = reverse("invitations:invitation_list")
    for inviter_id in found.values_list("inviter_id", flat=True):
        yield Notice(kind, [inviter_id], page, subject=entry.target_label)
