"""Journeys of money: starting a subscription and changing what is subscribed to."""

from typing import Any, Final

from django.db import transaction

from billing.models import Plan, Subscription, SubscriptionStatus
from organizations.audit.recording import record, using
from organizations.models import Organization

# While a payment is late the plan stays; it ends with the subscription.
ENTITLED: Final = frozenset(
    {
        SubscriptionStatus.ACTIVE,
        SubscriptionStatus.TRIALING,
        SubscriptionStatus.PAST_DUE,
    }
)


def start_subscription(
    *,
    organization: Any,
    plan: Plan,
    by: Any,
    status: str = SubscriptionStatus.ACTIVE,
    seats: int = 1,
) -> Subscription:
    """Subscribe an organization to a plan, in whose context this runs."""
    with transaction.atomic(using=using()):
        subscription = Subscription.objects.create(
            organization_id=organization.pk, plan=plan, status=status, seats=seats
        )
        write_plan(organization, subscription)
        record(
            "subscription.started",
            subscription,
            by=by,
            after=terms(subscription),
            label=organization.name,
        )
    return subscription


def change_subscription(
    *, subscription: Subscription, plan: Plan, by: Any, status: str, seats: int
) -> bool:
    """Change plan, state or seats; False when all three are so already."""
    with transaction.atomic(using=using()):
        subscription = Subscription.objects.select_for_update(of=("self",)).get(
            pk=subscription.pk, organization_id=subscription.organization_id
        )
        before = terms(subscription)
        subscription.plan, subscription.status = plan, status
        subscription.seats = seats
        after = terms(subscription)
        if before == after:
            return False
        subscription.save(update_fields=["plan", "status", "seats"])
        write_plan(subscription.organization, subscription)
        record(
            "subscription.changed",
            subscription,
            by=by,
            before=before,
            after=after,
            label=subscription.organization.name,
        )
    return True


def write_plan(organization: Any, subscription: Subscription) -> None:
    """Copy what a subscription entitles to onto the organization, where all read it."""
    plan = subscription.plan
    if subscription.status not in ENTITLED:
        plan = lowest_plan()
    organization.plan, organization.limits = plan.code, plan.limits
    organization.save(update_fields=["plan", "limits"])


def terms(subscription: Subscription) -> dict[str, Any]:
    """Return what was agreed, for the history."""
    return {
        "plan": subscription.plan_id,
        "status": str(subscription.status),
        "seats": subscription.seats,
    }


def publish_limits(*, plan: Plan) -> int:
    """Copy a plan's limits to every organization on it; staff only, over all of them."""
    on_it = Organization.objects.filter(plan=plan.code).exclude(limits=plan.limits)
    return on_it.update(limits=plan.limits)


def lowest_plan() -> Plan:
    """Return what an organization has when nothing is paid for."""
    return Plan.objects.order_by("rank")[0]
