"""What an event leads to: its customer is read again, so that no order matters."""

from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError

from billing.gateway import StripeAway
from billing.intake.kinds import AFTERWARDS, SYNCED
from billing.intake.models import EventState, StripeEvent
from billing.queries import organization_of_customer
from billing.syncing import sync
from organizations.tenancy import tenant

log = structlog.get_logger("insula.billing")


def apply(event: StripeEvent) -> None:
    """Apply an event once; one that is applied stays so.

    What can pass is raised, for the queue to try it again. Anything else is kept with
    the event, so that the queue is not held up by it.
    """
    if not event.is_open:
        return
    event.begin()
    organization = organization_of(event)
    if organization is None:
        event.finish(EventState.IGNORED)
        return
    try:
        follow(event.type, organization)
    except (StripeAway, OperationalError) as error:
        event.wait(error)
        raise
    except Exception as error:
        log.exception("intake.failed", stripe_event=event.pk)
        event.fail(error, organization)
    else:
        event.finish(EventState.APPLIED, organization)


def organization_of(event: StripeEvent) -> UUID | None:
    """Return whose customer an event is about, by our own row; what the event itself
    says of organizations is never believed."""
    if event.type not in SYNCED:
        return None
    return organization_of_customer(customer_of(event))


def follow(kind: str, organization: UUID) -> None:
    """Read an organization's customer again, and do what else an event of a kind asks."""
    with tenant(organization):
        sync()
        afterwards = AFTERWARDS.get(kind)
        if afterwards is not None:
            afterwards()


def customer_of(event: StripeEvent) -> str:
    """Return the id of the customer an event is about; empty without one."""
    subject = event.subject
    if subject.get("object") == "customer":
        return name_of(subject)
    # One that was detached names its customer among what it was before.
    before = event.body["data"].get("previous_attributes") if subject else None
    earlier = before.get("customer") if isinstance(before, dict) else None
    return name_of(subject.get("customer")) or name_of(earlier)


def name_of(value: Any) -> str:
    """Return the id of something that may be told in full."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) and len(found) <= 255 else ""
