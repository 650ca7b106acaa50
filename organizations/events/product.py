"""Counting what happens in the product and changes nothing.

It is for staff, who want to know what is looked for and not found; what changes a row
is recorded instead, and is an event by that.
"""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from organizations.audit.context import facts
from organizations.events.models import ProductEvent
from organizations.tenancy import current

DAYS_KEPT: Final = 400


def track(name: str, **properties: Any) -> None:
    """Count that something happened, for the organization and person of the context;
    both may be absent. Properties are small facts, never what somebody typed.

    Staff who look on are not the person, and count for nothing.
    """
    if facts().impersonator_id is not None:
        return
    context = current()
    ProductEvent.objects.bulk_create(
        [
            ProductEvent(
                name=name,
                properties=properties,
                organization_id=context.organization_id if context else None,
                user_id=context.user_id if context else None,
            )
        ]
    )


def forget_old() -> int:
    """Delete what is older than is kept, as far as the context sees it; return how
    many rows."""
    since = timezone.now() - timedelta(days=DAYS_KEPT)
    gone, _tables = ProductEvent.objects.filter(created_at__lt=since).delete()
    return gone
