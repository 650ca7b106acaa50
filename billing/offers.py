"""What pages say of plans: prices, what is in them, and what choosing one would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import gateway
from billing.entitlement import effective
from billing.flows import Choice, is_at_once, item, quantity, trial_days
from billing.models import Interval, Plan, Subscription
from billing.money import money
from organizations.limits.counting import Use, usage
from organizations.limits.words import grouped, size_words
from organizations.models import Organization

MONTHS: Final = 12


@dataclass(frozen=True)
class Offer:
    """A plan as a card shows it to somebody, for one way of paying."""

    plan: Plan
    interval: str
    row: Subscription | None = None
    in_force: str = ""

    @property
    def price(self) -> str:
        """What a month of it costs, of one seat if it is priced so."""
        cents = self.plan.cents(self.interval)
        if self.interval == Interval.YEAR:
            cents = round(cents / MONTHS)
        return money(cents, settings.BILLING_CURRENCY)

    @property
    def terms(self) -> str:
        """What the price is for."""
        if self.plan.is_free:
            return ""
        words = _("a seat, a month") if self.plan.is_per_seat else _("a month")
        if self.interval == Interval.YEAR:
            return _("%(what)s, paid yearly") % {"what": words}
        return words

    @property
    def features(self) -> list[str]:
        """What the plan holds, in words."""
        return [words(self.plan.limits.get(key)) for key, words in FEATURES.items()]

    @property
    def is_current(self) -> bool:
        """Whether it is what the organization has, paid in this way."""
        if self.plan.code != self.in_force:
            return False
        paid = self.row is not None and self.row.is_at_stripe
        return not paid or self.plan.is_free or self.interval == self.row_interval

    @property
    def row_interval(self) -> str:
        return self.row.interval if self.row else ""

    @property
    def trial_days(self) -> int:
        """For how many days it could be tried; None are left after the first trial."""
        return trial_days(self.row, self.plan)

    @property
    def contact(self) -> str:
        """Where somebody writes for a plan that is given by staff."""
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    @property
    def is_at_stripe(self) -> bool:
        return self.row is not None and self.row.is_at_stripe

    @property
    def changes_at_once(self) -> bool:
        """Whether choosing it changes now what is paid, and charges the difference."""
        waits = self.row is not None and self.row.stripe_schedule_id
        return self.is_at_stripe and self.is_up and not (waits or self.is_current)

    @property
    def is_up(self) -> bool:
        """Whether choosing it is an upgrade of what is paid now."""
        if self.row is None or not self.row.is_at_stripe:
            return not self.plan.is_free
        return is_at_once(self.row, Choice(self.plan, self.interval))


def space(number: int | None) -> str:
    if number is None:
        return _("Any amount of files")
    return _("%(size)s of files") % {"size": size_words(number)}


def people(number: int | None) -> str:
    if number is None:
        return _("Any number of people")
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": grouped(number)}


def tasks(number: int | None) -> str:
    if number is None:
        return _("Any number of tasks")
    return ngettext("%(n)s task", "%(n)s tasks", number) % {"n": grouped(number)}


FEATURES: Final = {"members": people, "tasks": tasks, "storage_bytes": space}


def offers(
    interval: str, row: Subscription | None = None, in_force: str = ""
) -> list[Offer]:
    """Return every plan as a card, the lowest first."""
    return [Offer(plan, interval, row, in_force) for plan in Plan.objects.all()]


@dataclass(frozen=True)
class Line:
    """One line of what a change costs."""

    text: str
    amount: str


@dataclass(frozen=True)
class Preview:
    """What a change made at a moment costs at once, line by line."""

    moment: int
    lines: list[Line]
    due: str
    is_charged: bool


def preview(row: Subscription, choice: Choice) -> Preview:
    """Ask Stripe what a change would cost now; StripeAway when it does not say."""
    now = within_period(row)
    told = gateway.preview(
        customer=row.stripe_customer_id,
        subscription=row.stripe_subscription_id,
        item=item(row, choice),
        moment=now,
    )
    currency = told["currency"]
    lines = [
        Line(each["description"] or "", money(each["amount"], currency, exact=True))
        for each in told["lines"]["data"]
    ]
    due = max(0, told["amount_due"])
    return Preview(now, lines, money(due, currency, exact=True), due > 0)


def within_period(row: Subscription) -> int:
    """Return now, as the period that runs at Stripe has it: clocks may differ."""
    assert row.current_period_start
    assert row.current_period_end
    now = max(timezone.now(), row.current_period_start)
    return int(min(now, row.current_period_end).timestamp())


def total_words(choice: Choice) -> str:
    """Return what one period of a choice costs, as it is reckoned."""
    cents, seats = choice.plan.cents(choice.interval), quantity(choice.plan)
    currency = settings.BILLING_CURRENCY
    period = _("a year") if choice.interval == Interval.YEAR else _("a month")
    total = _("%(total)s %(period)s") % {
        "total": money(cents * seats, currency),
        "period": period,
    }
    if not choice.plan.is_per_seat:
        return total
    return ngettext(
        "%(price)s × %(count)s seat = %(total)s",
        "%(price)s × %(count)s seats = %(total)s",
        seats,
    ) % {"price": money(cents, currency), "count": seats, "total": total}


def would_be_over(organization: Organization, plan: Plan) -> list[Use]:
    """Return what is there of more than a plan holds; it could then only be read."""
    limits = effective(plan.limits, organization.limit_overrides)
    return [use for use in with_limits(limits) if use.is_over]


def with_limits(limits: dict[str, int]) -> Iterator[Use]:
    for use in usage():
        yield use._replace(limit=limits.get(use.key))
