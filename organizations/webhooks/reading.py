"""What happens becomes deliveries: one for each endpoint that wants to know."""

from collections.abc import Sequence

from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.events.reading import reader
from organizations.webhooks.models import Delivery, Endpoint
from organizations.webhooks.trying import wake


@reader("webhooks")
def deliver(entries: Sequence[AuditEntry]) -> None:
    """Make the deliveries of some events, once each, and have them sent."""
    for endpoint in Endpoint.objects.filter(disabled_at=None):
        rows = [
            Delivery(
                endpoint_id=endpoint.pk,
                event_id=entry.pk,
                event_type=entry.action,
                next_try_at=timezone.now(),
            )
            for entry in entries
            if entry.sequence > endpoint.starts_after and endpoint.wants(entry.action)
        ]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        if not endpoint.paused_at:
            wake(endpoint, places=len(rows))
