"""Our rows as Stripe has it: read again in full, so that no order of events matters."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.entitlement import write_plan
from billing.models import LIVE, Invoice, Subscription, terms
from billing.readings import Reading, read
from billing.tending import tend
from organizations.audit.recording import record, using


def sync() -> bool:
    """Read the active organization's customer at Stripe; True when something differed.

    The row stays locked meanwhile: of two at once the second reads what is newer.
    """
    with transaction.atomic(using=using()):
        row = locked()
        if row is None:
            return False
        reading = read(row)
        if is_given(row, reading):
            return False
        changed = write(row, reading.values)
        changed |= write_invoices(reading)
        changed |= write_plan(row)
        tend()
    return changed


def differences() -> list[str]:
    """Return what our rows say otherwise than Stripe does; nothing is written."""
    row = Subscription.objects.exclude(stripe_customer_id="").first()
    if row is None:
        return []
    reading = read(row)
    if is_given(row, reading):
        return []
    found = [
        f"{name} is {getattr(row, name)!r}, at Stripe {value!r}"
        for name, value in reading.values.items()
        if getattr(row, name) != value
    ]
    ours = known_invoices(reading)
    for stripe_id, values in reading.invoices.items():
        if stripe_id not in ours:
            found.append(f"invoice {stripe_id} is missing")
        elif different(ours[stripe_id], values):
            found.append(f"invoice {stripe_id} is out of date")
    return found


def locked() -> Subscription | None:
    """Return the active organization's row if it is a customer, for us alone."""
    rows = Subscription.objects.select_for_update(of=("self",))
    return rows.exclude(stripe_customer_id="").first()


def is_given(row: Subscription, reading: Reading) -> bool:
    """Whether a plan given by staff stands: nothing that lives at Stripe replaces it."""
    return row.is_comped and reading.values["status"] not in LIVE - {"incomplete"}


def write(row: Subscription, values: dict[str, Any]) -> bool:
    """Write a row's values and what changed of the terms; False when they were so."""
    before, was_at_stripe = terms(row), bool(row.stripe_subscription_id)
    changed = different(row, values)
    for name in changed:
        setattr(row, name, values[name])
    row.is_comped, row.comped_until = False, None
    row.synced_at = timezone.now()
    names = [*changed, "synced_at", "is_comped", "comped_until"]
    row.save(update_fields=names)
    after = terms(row)
    if before != after:
        action = "subscription.changed"
        if row.stripe_subscription_id and not was_at_stripe:
            action = "subscription.started"
        record(action, row, before=before, after=after, label=str(row.plan))
    return bool(changed)


def different(row: Any, values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if getattr(row, name) != value]


def write_invoices(reading: Reading) -> bool:
    """Write the invoices that are new or changed."""
    ours = known_invoices(reading)
    new = [
        Invoice(stripe_id=stripe_id, **values)
        for stripe_id, values in reading.invoices.items()
        if stripe_id not in ours
    ]
    Invoice.objects.bulk_create(new)
    stale = False
    for stripe_id, row in ours.items():
        names = different(row, reading.invoices[stripe_id])
        for name in names:
            setattr(row, name, reading.invoices[stripe_id][name])
        if names:
            row.save(update_fields=names)
            stale = True
    return bool(new) or stale


def known_invoices(reading: Reading) -> dict[str, Invoice]:
    """Return the rows we have of a reading's invoices, by their ids at Stripe."""
    rows = Invoice.objects.filter(stripe_id__in=reading.invoices)
    return {row.stripe_id: row for row in rows}
