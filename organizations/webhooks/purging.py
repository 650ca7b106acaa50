"""What is looked after in every organization: old deliveries, and forgotten ones."""

from datetime import timedelta
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from organizations.queries import open_organizations
from organizations.tenancy import tenant
from organizations.webhooks.models import Attempt, Delivery, Endpoint, due
from organizations.webhooks.trying import wake_waiting

log = structlog.get_logger("insula.webhooks")

DAYS_KEPT: Final = 30
BATCH: Final = 1_000
# A job that is only late is not forgotten.
LATE: Final = timedelta(minutes=10)


def purge_all() -> None:
    """Delete each organization's old deliveries; trouble in one stops no other."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            try:
                purge()
            except Exception:
                log.exception(
                    "webhooks.purge_failed", organization=str(organization_id)
                )


def purge() -> None:
    """Delete the active organization's deliveries that are thirty days old, in
    batches, and the endpoints that were removed and have none left."""
    old = timezone.now() - timedelta(days=DAYS_KEPT)
    rows = Delivery.objects.filter(created_at__lt=old).order_by("created_at")
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Attempt.objects.filter(delivery_id__in=keys).delete()
            Delivery.objects.filter(pk__in=keys).delete()
    removed = Endpoint.with_trash.exclude(deleted_at=None)
    removed.filter(deleted_at__lt=old, deliveries=None).delete()


def wake_all() -> None:
    """Enqueue what is due in any organization and nobody is at."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            wake_forgotten()


def wake_forgotten() -> None:
    """Enqueue the active organization's deliveries whose job was lost."""
    late = due(timezone.now() - LATE)
    for endpoint in Endpoint.objects.filter(disabled_at=None, paused_at=None):
        if Delivery.objects.filter(late, endpoint_id=endpoint.pk).exists():
            wake_waiting(endpoint)
