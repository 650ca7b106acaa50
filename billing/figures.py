"""What the installation earns, asked over all organizations; docs/billing.md defines it.

Only staff may ask: it runs in the operator's context.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing.models import LATE, Interval, Invoice, InvoiceStatus, Plan, Subscription
from billing.models import SubscriptionStatus as S
from organizations.models import Organization

MONTHS: Final = 12
SOON: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
QUARTER: Final = timedelta(days=90)
NEVER_BEGAN: Final = frozenset({S.INCOMPLETE, S.INCOMPLETE_EXPIRED})

OPEN: Final = Q(organization__deleted_at=None)
PAYING: Final = OPEN & Q(
    status__in=[S.ACTIVE, S.PAST_DUE], is_comped=False, cents__gt=0
)
TRIALS: Final = OPEN & Q(status=S.TRIALING, is_comped=False)
COMPED: Final = OPEN & Q(is_comped=True)
# Twelve months of each, so that nothing is rounded before it is added up.
A_YEAR: Final = Sum(
    Case(
        When(interval=Interval.YEAR, then=F("cents") * F("seats")),
        default=F("cents") * F("seats") * MONTHS,
    ),
    filter=PAYING,
    default=0,
)


@dataclass(frozen=True)
class Share:
    """Some of all."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Figures:
    """What there is to know of the money, at one moment."""

    mrr_cents: int
    paying: int
    trials: int
    trials_ending: int
    converted: Share
    churned: Share
    late: int
    late_cents: int
    comped: int


def monthly(row: Subscription) -> int:
    """Return what a subscription brings in a month, in cents."""
    if row.interval == Interval.YEAR:
        return round(row.total_cents / MONTHS)
    return row.total_cents


def ours() -> QuerySet[Subscription]:
    """Return the subscriptions in the installation's currency, and what is not paid."""
    return Subscription.objects.filter(currency__in=[settings.BILLING_CURRENCY, ""])


def figures() -> Figures:
    """Return the figures as they are now, in two statements."""
    now = timezone.now()
    tried = OPEN & Q(trial_end__range=(now - QUARTER, now), is_comped=False)
    alive = alive_at(now - MONTH)
    found = ours().aggregate(
        year=A_YEAR,
        paying=Count("pk", filter=PAYING),
        trials=Count("pk", filter=TRIALS),
        trials_ending=Count("pk", filter=TRIALS & Q(trial_end__lte=now + SOON)),
        tried=Count("pk", filter=tried),
        stayed=Count("pk", filter=tried & PAYING),
        alive=Count("pk", filter=alive),
        gone=Count("pk", filter=alive & Q(ended_at__lte=now)),
        late=Count("pk", filter=OPEN & Q(status__in=LATE)),
        comped=Count("pk", filter=COMPED),
    )
    return Figures(
        mrr_cents=round(found["year"] / MONTHS),
        paying=found["paying"],
        trials=found["trials"],
        trials_ending=found["trials_ending"],
        converted=Share(found["stayed"], found["tried"]),
        churned=Share(found["gone"], found["alive"]),
        late=found["late"],
        late_cents=owed(),
        comped=found["comped"],
    )


def alive_at(moment: Any) -> Q:
    """Return which subscriptions were paid for at a moment, as far as rows can tell."""
    paid = Invoice.objects.filter(
        organization_id=OuterRef("organization_id"),
        status=InvoiceStatus.PAID,
        total_cents__gt=0,
        issued_at__lte=moment,
    )
    going_on = Q(ended_at=None) | Q(ended_at__gt=moment)
    bought = Q(is_comped=False, cents__gt=0)
    return bought & ~Q(status__in=NEVER_BEGAN) & going_on & Q(Exists(paid))


def owed() -> int:
    """Return what is open on the invoices of those who pay late."""
    late = Subscription.objects.filter(OPEN, status__in=LATE)
    unpaid = Invoice.objects.filter(
        organization_id__in=late.values("organization_id"),
        status=InvoiceStatus.OPEN,
        currency=settings.BILLING_CURRENCY,
    )
    total: int = unpaid.aggregate(
        cents=Coalesce(Sum(F("total_cents") - F("paid_cents")), 0)
    )["cents"]
    return total


def by_plan() -> list[dict[str, Any]]:
    """Return for each plan who is on it, who pays for it and what it brings a month."""
    money = {
        row["plan"]: row
        for row in ours()
        .order_by()
        .values("plan")
        .annotate(
            year=A_YEAR,
            paying=Count("pk", filter=PAYING),
            seats=Sum("seats", filter=PAYING, default=0),
            trials=Count("pk", filter=TRIALS),
            comped=Count("pk", filter=COMPED),
        )
    }
    on_it = dict(
        Organization.objects.filter(deleted_at=None)
        .order_by()
        .values_list("plan")
        .annotate(count=Count("pk"))
    )
    nothing = dict.fromkeys(("year", "paying", "seats", "trials", "comped"), 0)
    return [
        nothing
        | money.get(plan.code, {})
        | {"plan": plan, "organizations": on_it.get(plan.code, 0)}
        for plan in Plan.objects.order_by("rank")
    ]
