"""The stays of staff in an organization, told from its audit log."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from accounts.impersonation.models import Ended, Impersonation
from organizations.audit.history import NEWEST
from organizations.audit.models import AuditEntry

VISITS: Final = 20
# So much of one stay is shown; all of it is in the log.
SHOWN: Final = 40
KIND: Final = Impersonation._meta.label_lower


@dataclass
class Visit:
    """One stay: who, as whom, why, from when until when, what was seen and changed."""

    pk: str
    staff_id: UUID | None
    staff: str
    person: str
    reason: str
    started: datetime
    until: datetime
    ended: datetime | None = None
    why: str = ""
    asked: str = ""
    viewed: list[AuditEntry] = field(default_factory=list)
    changed: list[AuditEntry] = field(default_factory=list)


def visits() -> list[Visit]:
    """Return the newest stays of staff in the active organization."""
    rows = AuditEntry.objects.filter(target_type=KIND, action="support.started")
    found = {
        entry.target_id: visit_of(entry) for entry in rows.order_by(*NEWEST)[:VISITS]
    }
    tell_rest(found)
    add_changes(list(found.values()))
    return list(found.values())


def visit_of(entry: AuditEntry) -> Visit:
    minutes = timedelta(minutes=entry.after["minutes"])
    return Visit(
        pk=entry.target_id,
        staff_id=entry.actor_id,
        staff=entry.actor_label,
        person=entry.target_label,
        reason=entry.after["reason"],
        started=entry.created_at,
        until=entry.created_at + minutes,
    )


def tell_rest(found: dict[str, Visit]) -> None:
    """Add to stays what was recorded of them after they began."""
    rows = AuditEntry.objects.filter(target_type=KIND, target_id__in=found)
    for entry in rows.exclude(action="support.started").order_by("sequence"):
        visit = found[entry.target_id]
        if entry.action == "support.viewed":
            visit.viewed.append(entry)
        elif entry.action == "support.asked":
            visit.asked = entry.after["reason"]
        elif entry.action == "support.ended":
            visit.ended = entry.created_at
            visit.why = str(Ended(entry.after["why"]).label)


def add_changes(found: list[Visit]) -> None:
    """Add to stays what staff changed during them."""
    if not found:
        return
    rows = AuditEntry.objects.filter(
        impersonator_id__in={visit.staff_id for visit in found},
        created_at__gte=found[-1].started,
    )
    made: dict[Any, list[AuditEntry]] = defaultdict(list)
    for entry in rows.order_by("sequence"):
        made[entry.impersonator_id].append(entry)
    for visit in found:
        last = visit.ended or visit.until
        visit.changed = [
            entry
            for entry in made[visit.staff_id]
            if visit.started <= entry.created_at <= last
        ]
