"""Marked inboxes of the isolation story: what each person was told and has chosen."""

from typing import Any

from django.utils import timezone

from config.seeds.canaries import REMOVED, Marked
from organizations.models import Role
from organizations.notifications.kinds import EMAIL, KINDS
from organizations.notifications.models import (
    DigestDay,
    Mute,
    Notification,
    Preference,
)
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7


def fill_inboxes(each: Marked) -> None:
    """Tell everybody two things by the owner, and let them choose."""
    organization: Any = each.organization
    people = [user for role, user in each.people.items() if role != REMOVED]
    with no_context(), tenant(organization):
        for kind in ("mention", "role_changed"):
            Notification.objects.bulk_create(
                row(each, user, kind, n) for n, user in enumerate(people, 1)
            )
        for user in people:
            Preference.objects.create(
                user=user, kind="comment", channel=EMAIL, is_on=True
            )
            Mute.objects.create(user=user, subject_type="task", subject_id=uuid7())
            DigestDay.objects.create(user=user, day=timezone.localdate())


def row(each: Marked, user: Any, kind: str, number: int) -> Notification:
    """Return a marked notification."""
    owner = each.people[Role.OWNER]
    return Notification(
        user=user,
        event_id=uuid7(),
        kind=kind,
        severity=KINDS[kind].severity,
        actor=owner,
        actor_name=str(owner),
        subject_type="task",
        subject_id=uuid7(),
        subject_label=each.mark("about", number),
        excerpt=each.mark("excerpt", number),
        path="/tasks/",
        values={"role": "member"} if kind == "role_changed" else {},
    )
