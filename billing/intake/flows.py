"""Journeys of an event: it is kept once, and from then on it is the queue's."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from billing.intake.jobs import apply_event
from billing.intake.models import StripeEvent
from organizations.audit.recording import using
from organizations.tenancy import identity, no_context
from organizations.tenancy.jobs import enqueue


def take(*, event: dict[str, Any]) -> bool:
    """Keep an event that Stripe sent; False when it is known already."""
    version = event.get("api_version")
    values = {
        "type": event["type"],
        "api_version": version[:40] if isinstance(version, str) else "",
        "livemode": event["livemode"],
        "stripe_created": datetime.fromtimestamp(event["created"], UTC),
        "body": event,
    }
    with no_context(), identity(), transaction.atomic():
        row, is_new = StripeEvent.objects.get_or_create(id=event["id"], defaults=values)
        if is_new:
            enqueue(apply_event, event_id=row.pk)
    return is_new


def replay(*, event: StripeEvent, by: Any) -> None:
    """Have an event applied again, whatever became of it."""
    with transaction.atomic(using=using()):
        event.replay(by=by)
        enqueue(apply_event, event_id=event.pk)
