"""The queue's jobs about money: what Stripe is told, and what is read from it."""

from django.db import transaction

from billing import gateway
from billing.models import Subscription
from billing.syncing import sync
from billing.tending import tend_all
from organizations.models import Membership
from organizations.tenancy.jobs import enqueue, job, periodic
from organizations.tenancy.models import uuid7


@job()
def read_again() -> None:
    """Read the organization's customer at Stripe, whatever has become of it."""
    sync()


@job()
def keep_seats(*, change: str) -> None:
    """Have Stripe charge for as many seats as there are members.

    `change` makes the call once, however often the job is tried.
    """
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).first()
        if row is None or not row.is_at_stripe or not row.plan.is_per_seat:
            return
        seats = row.plan.quantity(Membership.objects.count())
        if seats == row.seats:
            return
        gateway.change_quantity(
            row.stripe_subscription_id,
            item={"id": row.stripe_item_id, "quantity": seats},
            key=f"{change}-{seats}",
        )
        sync()


@job()
def end_with_period() -> None:
    """Let the subscription of an organization that is being deleted end by itself."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).first()
        if row is None or not row.is_at_stripe or row.cancel_at_period_end:
            return
        if row.stripe_schedule_id:
            gateway.release(row.stripe_schedule_id)
        gateway.end_with_period(row.stripe_subscription_id, ends=True)
        sync()


periodic("23 6 * * *")(tend_all)


def keep_seats_later() -> None:
    """Have the seats compared once the current change is kept."""
    enqueue(keep_seats, change=str(uuid7()))


def is_customer() -> bool:
    """Whether the active organization is known at Stripe."""
    return Subscription.objects.exclude(stripe_customer_id="").exists()
