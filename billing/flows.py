"""Journeys of money: buying a plan, changing it, ending it and taking that back.

What Stripe does is done there first and read again afterwards, so our rows never say
more than it does. Our row stays locked meanwhile: of two at once the second sees what
the first has led to.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from billing import gateway
from billing.entitlement import entitle, lowest_plan
from billing.jobs import read_again
from billing.models import (
    Interval,
    Plan,
    Price,
    Subscription,
    SubscriptionStatus,
)
from billing.syncing import sync
from organizations.audit.recording import record, using
from organizations.limits.over import note_over
from organizations.models import Membership, Organization
from organizations.tenancy import tenant
from organizations.tenancy.jobs import enqueue

# What Stripe puts the session's id in the place of.
SESSION: Final = "{CHECKOUT_SESSION_ID}"


class NotSold(Exception):
    """The plan has no price at Stripe, or is given by staff only."""


class NotPossible(Exception):
    """Something else must be done first; the message is for people."""


class Ways(NamedTuple):
    """Where Stripe sends people afterwards: who paid, and who did not."""

    done: str
    back: str


@dataclass(frozen=True)
class Choice:
    """A plan and how often it is paid."""

    plan: Plan
    interval: str

    @property
    def price(self) -> Price:
        """Its current price at Stripe; NotSold when there is none."""
        found = self.plan.prices.filter(interval=self.interval, is_current=True).first()
        sold = settings.BILLING_ON and self.plan.is_for_sale
        if not sold or found is None:
            raise NotSold(self.plan.code)
        return found


def buy(
    *,
    organization: Organization,
    choice: Choice,
    by: Any,
    sent_as: UUID,
    ways: Ways,
) -> str:
    """Return the address at Stripe where a plan is bought; sent twice it is the same.

    StripeAway leaves nothing behind but the customer.
    """
    with transaction.atomic():
        price = choice.price
        row = customer_row(organization, by)
        if row.is_at_stripe:
            raise NotPossible
        days = trial_days(row, choice.plan)
        session = gateway.open_checkout(
            organization_id=organization.pk,
            customer=row.stripe_customer_id,
            price=price.pk,
            quantity=quantity(choice.plan),
            trial_days=days,
            urls={"done": f"{ways.done}?session={SESSION}", "back": ways.back},
            key=str(sent_as),
        )
        row.buyer = by
        row.save(update_fields=["buyer"])
        after = {"plan": choice.plan.code, "interval": choice.interval, "trial": days}
        record("subscription.checkout_opened", row, by=by, after=after)
    return str(session["url"])


def customer_row(organization: Organization, by: Any) -> Subscription:
    """Return the organization's row, locked, once it is a customer at Stripe.

    A customer made by a call whose answer got lost is found again by its key.
    """
    Subscription.objects.get_or_create(defaults={"plan": lowest_plan()})
    row = Subscription.objects.select_for_update(of=("self",)).get()
    if not row.stripe_customer_id:
        made = gateway.create_customer(
            organization_id=organization.pk, name=organization.name, email=by.email
        )
        row.stripe_customer_id, row.billing_email = made["id"], by.email
        row.save(update_fields=["stripe_customer_id", "billing_email"])
    return row


def trial_days(row: Subscription | None, plan: Plan) -> int:
    """Return the days a plan can be tried; an organization has one trial only."""
    tried = row is not None and (row.trial_start or row.stripe_subscription_id)
    return 0 if tried else plan.trial_days


def quantity(plan: Plan) -> int:
    """Return how many seats of a plan the active organization pays."""
    return plan.quantity(Membership.objects.count())


@contextmanager
def locked() -> Iterator[Subscription]:
    """Hold the active organization's subscription, and read it again afterwards."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).first()
        if row is None or not row.is_at_stripe:
            raise NotPossible
        yield row
        catch_up()


def catch_up() -> None:
    """Read what Stripe has done; it is done, even if it does not say so now."""
    try:
        sync()
    except gateway.StripeAway:
        enqueue(read_again)


def portal(*, back: str) -> str:
    """Return the address at Stripe for cards, addresses and papers."""
    row = Subscription.objects.exclude(stripe_customer_id="").first()
    if row is None:
        raise NotPossible
    return str(gateway.open_portal(customer=row.stripe_customer_id, back=back)["url"])


def change_now(*, choice: Choice, by: Any, moment: int, sent_as: UUID) -> None:
    """Change to a plan at once; the days left are charged or credited as they were
    shown for that moment. Declined changes nothing."""
    with locked() as row:
        if row.stripe_schedule_id:
            raise NotPossible
        gateway.change_now(
            row.stripe_subscription_id,
            item=item(row, choice),
            moment=moment,
            key=str(sent_as),
        )
        told(row, "subscription.plan_changed", choice, by)


def change_later(*, choice: Choice, by: Any, sent_as: UUID) -> None:
    """Change to a plan when the period that is paid ends."""
    with locked() as row:
        if row.stripe_schedule_id or row.cancel_at_period_end:
            raise NotPossible
        assert row.current_period_start
        assert row.current_period_end
        now = {
            "price": row.stripe_price_id,
            "quantity": row.seats,
            "start_date": int(row.current_period_start.timestamp()),
            "end_date": int(row.current_period_end.timestamp()),
        }
        then = {
            "price": choice.price.pk,
            "quantity": quantity(choice.plan),
            "interval": choice.interval,
        }
        gateway.schedule(
            row.stripe_subscription_id, now=now, then=then, key=str(sent_as)
        )
        told(row, "subscription.change_planned", choice, by)


def cancel(*, by: Any) -> None:
    """End a subscription with the period that is paid; what was planned is dropped."""
    with locked() as row:
        if row.cancel_at_period_end:
            return
        release(row)
        gateway.end_with_period(row.stripe_subscription_id, ends=True)
        record("subscription.canceled", row, by=by, label=str(row.plan))


def keep(*, by: Any) -> None:
    """Go on as it is: take back an end, or a change that was planned."""
    with locked() as row:
        if row.stripe_schedule_id:
            release(row)
        elif row.cancel_at_period_end:
            gateway.end_with_period(row.stripe_subscription_id, ends=False)
        else:
            return
        record("subscription.kept", row, by=by, label=str(row.plan))


def release(row: Subscription) -> None:
    if row.stripe_schedule_id:
        gateway.release(row.stripe_schedule_id)


def look() -> Subscription | None:
    """Read the organization's customer at Stripe now, if Stripe answers."""
    with suppress(gateway.StripeAway, gateway.Refused), gateway.patience():
        sync()
    return Subscription.objects.first()


def item(row: Subscription, choice: Choice) -> dict[str, Any]:
    """Return the change of a subscription's one item to another plan."""
    return {
        "id": row.stripe_item_id,
        "price": choice.price.pk,
        "quantity": quantity(choice.plan),
    }


def told(row: Subscription, action: str, choice: Choice, by: Any) -> None:
    before = {"plan": row.plan_id, "interval": row.interval}
    after = {"plan": choice.plan.code, "interval": choice.interval}
    label = str(choice.plan)
    record(action, row, by=by, before=before, after=after, label=label)


def is_at_once(row: Subscription, choice: Choice) -> bool:
    """Whether a change is made now: to a higher plan, to a longer period of the same,
    or while nothing is paid yet; anything else waits until the period ends."""
    if row.is_trial:
        return True
    if choice.plan.rank != row.plan.rank:
        return choice.plan.rank > row.plan.rank
    return choice.interval == Interval.YEAR and row.interval == Interval.MONTH


def start_subscription(
    *,
    organization: Any,
    plan: Plan,
    by: Any,
    status: str = SubscriptionStatus.ACTIVE,
    seats: int = 1,
) -> Subscription:
    """Write a subscription nobody pays through Stripe, in its organization's context."""
    with transaction.atomic(using=using()):
        row = Subscription.objects.create(
            organization_id=organization.pk, plan=plan, status=status, seats=seats
        )
        entitle(organization, plan if row.is_entitled else lowest_plan())
        record(
            "subscription.started",
            row,
            by=by,
            after={"plan": plan.code, "status": str(status), "seats": seats},
            label=organization.name,
        )
    return row


def publish_limits(*, plan: Plan) -> int:
    """Bring a plan's limits to every organization on it; staff only, over all of them.

    Each is entered for what is over them, which is counted inside.
    """
    changed = 0
    for organization in Organization.objects.filter(plan=plan.code):
        if entitle(organization, plan):
            with tenant(organization):
                note_over(organization)
            changed += 1
    return changed
