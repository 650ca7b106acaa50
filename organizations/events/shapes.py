"""What an event looks like outside: to webhooks and to the API alike."""

from typing import Any

from organizations.audit.models import AuditEntry


def shaped(entry: AuditEntry) -> dict[str, Any]:
    """Return an event as others see it: who, what, before and after.

    Of an entry neither address nor browser is told. The same entry gives the same
    shape for ever, so that a delivery tried again says what it said first.
    """
    return {
        "id": str(entry.pk),
        "type": entry.action,
        "timestamp": entry.created_at.isoformat(),
        "sequence": entry.sequence,
        "data": {
            "organization": str(entry.organization_id),
            "actor": {
                "type": entry.actor_type,
                "id": str(entry.actor_id) if entry.actor_id else None,
                "name": entry.actor_label,
            },
            "object": {
                "type": entry.target_type.rpartition(".")[2],
                "id": entry.target_id or None,
                "name": entry.target_label,
            },
            "before": entry.before,
            "after": entry.after,
        },
    }
