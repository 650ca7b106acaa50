"""What is sent: the event, in the same bytes at every try."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from organizations.audit.models import AuditEntry
from organizations.events.shapes import shaped
from organizations.webhooks.models import Delivery


def body_of(delivery: Delivery) -> tuple[bytes, str]:
    """Return a delivery's body, and the id of the request that made the event.

    The body is made anew from the entry, which nobody can change: no copy of it rests.
    """
    if delivery.is_test:
        return packed(test_event(delivery)), ""
    entry = AuditEntry.objects.get(pk=delivery.event_id)
    return packed(shaped(entry)), entry.request_id


def test_event(delivery: Delivery) -> dict[str, Any]:
    """Return the event that somebody sends to try an endpoint out."""
    return {
        "id": str(delivery.event_id),
        "type": delivery.event_type,
        "timestamp": delivery.created_at.isoformat(),
        "data": {
            "organization": str(delivery.organization_id),
            "endpoint": str(delivery.endpoint_id),
            "message": "This is a test. Nothing has happened.",
        },
    }


def packed(event: dict[str, Any]) -> bytes:
    """Return an event as compact JSON."""
    text = json.dumps(
        event, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()
