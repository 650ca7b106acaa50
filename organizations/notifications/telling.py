"""From an event to what people are told: rows in their inboxes, and mails.

It runs in the organization and for nobody, in the transaction in which the reader of
the events moves on: nothing is told twice, and nothing is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from organizations.audit.models import AuditEntry
from organizations.events.reading import reader
from organizations.models import Membership
from organizations.notifications import jobs
from organizations.notifications.choices import wanted_by
from organizations.notifications.kinds import APP, DIGEST, EMAIL, KINDS, Kind
from organizations.notifications.models import EXCERPT_LENGTH, Mute, Notification
from organizations.notifications.rules import End, Fate, Notice, ends, rules
from organizations.permissions import effective
from organizations.tenancy.jobs import enqueue

log = structlog.get_logger("insula.notifications")

# What somebody does to more than so many things at once is told in one sentence.
AT_ONCE: Final = 5
SEVERAL: Final = "several"
NAME_LENGTH: Final = 201


@dataclass
class Told:
    """A row to be written, and what else is to be known of it until then."""

    row: Notification
    mail: bool
    several: str
    request: str
    place: int

    @property
    def key(self) -> tuple[Any, ...]:
        return self.row.user_id, self.row.event_id, self.row.kind


def tell(entries: Sequence[AuditEntry]) -> None:
    """Tell everybody whom some events concern, and end what they put an end to."""
    once = {told.key: told for entry in entries for told in told_of(entry)}
    found = list(gathered(once.values()))
    Notification.objects.bulk_create(
        [told.row for told in found], ignore_conflicts=True, batch_size=500
    )
    for told in found:
        if told.mail:
            enqueue(jobs.mail_notification, notification_id=str(told.row.pk))
    settle(entries)


def told_of(entry: AuditEntry) -> list[Told]:
    """Return what is told because of one event.

    A rule that fails must not keep everybody else from hearing anything ever again.
    """
    if entry.action not in rules:
        return []
    try:
        with transaction.atomic():
            notices = [each for rule in rules[entry.action] for each in rule(entry)]
            return [told for notice in notices for told in told_by(entry, notice)]
    except OperationalError:
        raise
    except Exception:
        log.exception("notifications.rule_failed", action=entry.action)
        return []


def told_by(entry: AuditEntry, notice: Notice) -> Iterator[Told]:
    """Yield what a notice is to each person who wants to hear of it."""
    kind = KINDS[notice.kind]
    wanted = wanted_by(kind, hearing(entry, notice, kind))
    for user_id, channels in wanted.items():
        if channels:
            row = row_of(entry, notice, kind)
            row.user_id = user_id
            row.in_inbox, row.wants_digest = APP in channels, DIGEST in channels
            mail = EMAIL in channels
            yield Told(row, mail, notice.several, entry.request_id, entry.sequence)


def row_of(entry: AuditEntry, notice: Notice, kind: Kind) -> Notification:
    """Return the row of a notice that is nobody's yet."""
    return Notification(
        event_id=entry.pk,
        kind=kind.code,
        severity=kind.severity,
        actor_id=entry.actor_id,
        actor_name=entry.actor_label[:NAME_LENGTH],
        subject_type=notice.subject_type,
        subject_id=notice.subject_id or entry.pk,
        subject_label=notice.subject[:NAME_LENGTH],
        part_id=notice.part_id,
        excerpt=shortened(notice.excerpt),
        path=notice.path,
        values=dict(notice.values),
        created_at=entry.created_at,
    )


def hearing(entry: AuditEntry, notice: Notice, kind: Kind) -> set[UUID]:
    """Return which of a notice's people are to hear of it at all."""
    people = set(notice.people) - {entry.actor_id}
    if not people:
        return set()
    members = Membership.objects.filter(
        user_id__in=people, suspended_at=None, user__is_active=True
    )
    able = {
        member.user_id
        for member in members.select_related("custom_role")
        if kind.concerns(effective(member))
    }
    if notice.subject_id and not kind.is_critical:
        muted = Mute.objects.filter(subject_id=notice.subject_id, user_id__in=able)
        able -= set(muted.values_list("user_id", flat=True))
    if notice.once:
        told = Notification.objects.filter(
            subject_id=notice.subject_id, part_id=notice.part_id, kind=kind.code
        )
        able -= set(told.values_list("user_id", flat=True))
    return able


def gathered(found: Iterable[Told]) -> Iterator[Told]:
    """Yield everything, and one in place of many that say the same of many things."""
    alike: dict[Any, list[Told]] = defaultdict(list)
    for told in found:
        row = told.row
        # Only what one request has done is known to have been done at once.
        apart = told.request or row.event_id
        alike[row.user_id, row.kind, row.actor_id, apart].append(told)
    for group in alike.values():
        if KINDS[group[0].row.kind].many is None:
            yield from group
        elif not counted_in(group):
            yield from group if len(group) <= AT_ONCE else [summed_up(group)]


def counted_in(group: list[Told]) -> bool:
    """Count a group in where the same request was summed up before; whether it was.

    What one request has done may be more than is read at once.
    """
    told = group[0]
    alike = {
        "user_id": told.row.user_id,
        "kind": told.row.kind,
        "subject_type": SEVERAL,
    }
    rows = Notification.objects.filter(values__request=told.request, **alike)
    found = rows.select_for_update().first() if told.request else None
    if found is None:
        return False
    fresh = [each for each in group if each.place > found.values["until"]]
    if fresh:
        number = found.values["count"] + len(fresh)
        found.values |= {"count": number, "until": fresh[-1].place}
        found.read_at = found.archived_at = None
        found.save(update_fields=["values", "read_at", "archived_at"])
    return True


def summed_up(group: list[Told]) -> Told:
    """Return the first of many, saying how many there are."""
    told = group[0]
    row = told.row
    row.values = {
        "count": len(group),
        "until": group[-1].place,
        "request": told.request,
    }
    row.subject_type, row.subject_id = SEVERAL, row.event_id
    row.subject_label = row.excerpt = ""
    row.part_id, row.path = None, told.several
    return told


def shortened(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(EXCERPT_LENGTH)


def settle(entries: Sequence[AuditEntry]) -> None:
    """End, hide or bring back what was told about what events are about, in their
    order: alike ones that follow each other in one statement."""
    ended = [(ends[entry.action], entry) for entry in entries if entry.action in ends]
    for end, run in groupby(ended, key=itemgetter(0)):
        end_all(end, [entry for _end, entry in run])


def end_all(end: End, entries: Sequence[AuditEntry]) -> None:
    subjects = {entry.target_id for entry in entries}
    found = Notification.objects.filter(subject_id__in=subjects)
    if end.part:
        parts = {
            entry.after.get(end.part) or entry.before[end.part] for entry in entries
        }
        found = found.filter(part_id__in=parts)
    if end.fate == Fate.GONE:
        found.delete()
    elif end.fate == Fate.HIDDEN:
        found.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    else:
        found.exclude(withdrawn_at=None).update(withdrawn_at=None)


def connect() -> None:
    """Listen to the events, once."""
    reader("notifications")(tell)
