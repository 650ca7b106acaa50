"""Journeys of notifications: read, put away, brought back; muted; chosen."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.models import Organization
from organizations.notifications.choices import (
    Chosen,
    channels_of,
    choices_of,
    defaults_of,
)
from organizations.notifications.kinds import DIGEST, EMAIL, KINDS, Kind
from organizations.notifications.models import (
    LISTED,
    UNREAD,
    Mute,
    Notification,
    Preference,
)
from organizations.notifications.unsubscribing import EVERY_DIGEST, WayOut
from organizations.tenancy import no_context, tenant

Matrix = Mapping[tuple[str, str], bool]


def mark_read(*, note: Notification, by: Any) -> int:
    """Mark what somebody was told about one thing as read; return how much was new."""
    return read_about(subject_id=note.subject_id, by=by)


def read_about(*, subject_id: UUID, by: Any) -> int:
    """Mark what a person was told about a thing as read, since they look at it."""
    rows = Notification.objects.filter(UNREAD, user=by, subject_id=subject_id)
    return rows.update(read_at=timezone.now())


def mark_unread(*, note: Notification, by: Any) -> int:
    """Mark the newest of what is known about a thing as new again."""
    rows = Notification.objects.filter(user=by, pk=note.pk).exclude(read_at=None)
    return rows.update(read_at=None)


def mark_all_read(*, by: Any) -> int:
    """Mark everything in a person's inbox as read; return how much was new."""
    rows = Notification.objects.filter(UNREAD, user=by)
    return rows.update(read_at=timezone.now())


def archive(*, note: Notification, by: Any) -> int:
    """Put away what somebody was told about one thing; it counts as read."""
    rows = Notification.objects.filter(LISTED, user=by, subject_id=note.subject_id)
    moment = timezone.now()
    return rows.update(
        archived_at=moment,
        read_at=models.functions.Coalesce("read_at", models.Value(moment)),
    )


def unarchive(*, note: Notification, by: Any) -> int:
    """Bring back what was put away together; what was new then is new again."""
    if note.archived_at is None:
        return 0
    rows = Notification.objects.filter(
        user=by, subject_id=note.subject_id, archived_at=note.archived_at
    )
    # Read by being put away, at the very same moment.
    was_new = models.Q(read_at=models.F("archived_at"))
    kept = models.Case(models.When(was_new, then=None), default="read_at")
    return rows.update(archived_at=None, read_at=kept)


def mute(*, subject: models.Model, subject_type: str, by: Any) -> bool:
    """Tell a person only what is critical about a thing; False when it is so."""
    with transaction.atomic():
        _row, new = Mute.objects.get_or_create(
            user=by, subject_id=subject.pk, defaults={"subject_type": subject_type}
        )
        if new:
            record(f"{subject_type}.muted", subject, by=by)
    return new


def unmute(*, subject: models.Model, subject_type: str, by: Any) -> bool:
    """Tell a person of a thing again; False when they are told already."""
    with transaction.atomic():
        gone, _tables = Mute.objects.filter(user=by, subject_id=subject.pk).delete()
        if gone:
            record(f"{subject_type}.unmuted", subject, by=by)
    return bool(gone)


def is_muted(*, subject_id: UUID, by: Any) -> bool:
    """Whether a person wants to hear only what is critical about a thing."""
    return Mute.objects.filter(user=by, subject_id=subject_id).exists()


def choose(*, organization: Organization, by: Any, wanted: Matrix) -> bool:
    """Keep how a person wants to hear of what; False when it is so already.

    `wanted` says it by kind and channel, and leaves out what stays as it is. Only what
    differs from the defaults is kept: the rest goes along when those change.
    """
    with transaction.atomic():
        # Two forms of one person at once would each keep half.
        list(Preference.objects.select_for_update().filter(user=by))
        chosen = choices_of(by)
        before = heard(organization, chosen)
        changed = settled(organization, chosen, wanted)
        after = heard(organization, changed)
        if before == after:
            return False
        keep(by, chosen, changed)
        names = [code for code in after if before[code] != after[code]]
        record(
            "notifications.preferences_changed",
            by=by,
            before={code: before[code] for code in names},
            after={code: after[code] for code in names},
            label=str(by),
        )
    return True


def settled(organization: Organization, chosen: Chosen, wanted: Matrix) -> Chosen:
    """Return a person's choices after some of them are made anew."""
    found = dict(chosen)
    for (code, channel), is_on in wanted.items():
        kind = KINDS[code]
        if kind.is_critical or channel not in kind.channels:
            continue
        found.pop((code, channel), None)
        if is_on != (channel in defaults_of(kind, organization)):
            found[code, channel] = is_on
    return found


def heard(organization: Organization, chosen: Chosen) -> dict[str, list[str]]:
    """Return the channels of each kind, as history keeps them."""

    def named(kind: Kind) -> list[str]:
        return sorted(map(str, channels_of(kind, organization, chosen)))

    return {kind.code: named(kind) for kind in KINDS.values()}


def keep(by: Any, before: Chosen, after: Chosen) -> None:
    """Write the rows that are other than before."""
    rows = Preference.objects.filter(user=by)
    for code, channel in before.keys() - after.keys():
        rows.filter(kind=code, channel=channel).delete()
    for (code, channel), is_on in after.items():
        if before.get((code, channel)) != is_on:
            Preference.objects.update_or_create(
                user=by, kind=code, channel=channel, defaults={"is_on": is_on}
            )


def unsubscribe(*, out: WayOut) -> bool:
    """End the mails that a token names; False when there are none any more."""
    organization, person, code = out
    channel = DIGEST if code == EVERY_DIGEST else EMAIL
    codes = KINDS if code == EVERY_DIGEST else [code]
    with no_context(), tenant(organization, person):
        return choose(
            organization=organization,
            by=person,
            wanted={(each, channel): False for each in codes},
        )
