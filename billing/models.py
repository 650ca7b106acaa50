"""Plans that can be had, and what each organization subscribed to and paid."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.models import TenantModel, Timestamped


class Interval(models.TextChoices):
    """How often a subscription is paid: Stripe's words."""

    MONTH = "month", _("Monthly")
    YEAR = "year", _("Yearly")


class Plan(Timestamped):
    """One plan, known by its code; a higher rank includes what a lower one has.

    `limits` holds members, tasks, storage_bytes, api_keys and webhooks as whole
    numbers; a missing key means no limit. Prices are in cents of the installation's
    currency, for each member when `is_per_seat`. One that is not for sale is given by
    staff.
    """

    code = models.SlugField(_("code"), primary_key=True, max_length=30)
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    monthly_cents = models.PositiveIntegerField(_("price a month"), default=0)
    yearly_cents = models.PositiveIntegerField(_("price a year"), default=0)
    is_per_seat = models.BooleanField(
        _("priced for each member"), default=False, db_default=False
    )
    trial_days = models.PositiveSmallIntegerField(
        _("days of trial"), default=0, db_default=0
    )
    is_for_sale = models.BooleanField(_("for sale"), default=True, db_default=True)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    api_per_minute = models.PositiveIntegerField(
        _("API requests a minute"),
        default=60,
        db_default=60,
        help_text=_("Requests to the API that each key may make."),
    )

    class Meta:
        ordering: ClassVar = ["rank"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_free(self) -> bool:
        return self.is_for_sale and not self.monthly_cents

    def cents(self, interval: str) -> int:
        """Return the price of one period, of one seat if it is priced so."""
        return self.yearly_cents if interval == Interval.YEAR else self.monthly_cents

    def quantity(self, members: int) -> int:
        """Return how many of the price so many members pay."""
        return max(1, members) if self.is_per_seat else 1


class Price(Timestamped):
    """One price at Stripe that a plan has or had; only current ones are sold.

    Prices never change at Stripe: a new one takes the place of the old, which its
    subscribers keep.
    """

    id = models.CharField(primary_key=True, max_length=255)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="prices")
    interval = models.CharField(_("interval"), max_length=5, choices=Interval)
    cents = models.PositiveIntegerField(_("cents"))
    currency = models.CharField(_("currency"), max_length=3)
    is_current = models.BooleanField(_("current"), default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "interval"],
                condition=models.Q(is_current=True),
                name="billing_price_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.interval}"


class SubscriptionStatus(models.TextChoices):
    """Stripe's own words for the state of a subscription."""

    ACTIVE = "active", _("Active")
    TRIALING = "trialing", _("Trial")
    PAST_DUE = "past_due", _("Past due")
    UNPAID = "unpaid", _("Unpaid")
    PAUSED = "paused", _("Paused")
    CANCELED = "canceled", _("Canceled")
    INCOMPLETE = "incomplete", _("Incomplete")
    INCOMPLETE_EXPIRED = "incomplete_expired", _("Incomplete, expired")


S: Final = SubscriptionStatus

# While a payment is late the plan stays; it ends with the subscription.
ENTITLED: Final = frozenset({S.ACTIVE, S.TRIALING, S.PAST_DUE, S.UNPAID})
LATE: Final = frozenset({S.PAST_DUE, S.UNPAID})
# Those it can come back from; the others need a new subscription.
LIVE: Final = ENTITLED | {S.PAUSED, S.INCOMPLETE}

# The five states people are shown.
DISPLAYED: Final = {
    S.UNPAID: S.PAST_DUE,
    S.PAUSED: S.INCOMPLETE,
    S.INCOMPLETE_EXPIRED: S.CANCELED,
}


class Subscription(TenantModel):
    """The one subscription of an organization, as Stripe last told it.

    An organization that never chose a plan has no row; one that only began to has a
    row without a subscription's id. `seats` is the quantity that is paid. One given
    by staff is comped: it has no ids of Stripe's and ends when `comped_until` is over.
    """

    organization = OrganizationKey(related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=SubscriptionStatus,
        default=SubscriptionStatus.INCOMPLETE,
    )
    seats = models.PositiveIntegerField(_("seats"), default=1)
    interval = models.CharField(
        _("interval"), max_length=5, choices=Interval, default=Interval.MONTH
    )
    # Of one seat, or of the whole when the plan is flat.
    cents = models.PositiveIntegerField(_("price in cents"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    stripe_customer_id = models.CharField(_("customer"), max_length=255, blank=True)
    stripe_subscription_id = models.CharField(
        _("subscription at Stripe"), max_length=255, blank=True
    )
    stripe_item_id = models.CharField(_("item"), max_length=255, blank=True)
    stripe_price_id = models.CharField(_("price"), max_length=255, blank=True)
    stripe_schedule_id = models.CharField(_("schedule"), max_length=255, blank=True)
    current_period_start = models.DateTimeField(_("period from"), null=True)
    current_period_end = models.DateTimeField(_("period to"), null=True)
    trial_start = models.DateTimeField(_("trial from"), null=True)
    trial_end = models.DateTimeField(_("trial to"), null=True)
    cancel_at_period_end = models.BooleanField(_("ends with the period"), default=False)
    cancel_at = models.DateTimeField(_("ends"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    next_plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, related_name="+", db_index=False
    )
    next_interval = models.CharField(
        _("next interval"), max_length=5, choices=Interval, blank=True
    )
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    # Brand, last four digits, month and year; what a card is recognised by.
    card = models.JSONField(_("card"), default=dict, blank=True)
    billing_email = models.EmailField(_("invoices go to"), blank=True)
    is_comped = models.BooleanField(_("given by staff"), default=False)
    comped_until = models.DateTimeField(_("given until"), null=True, blank=True)
    past_due_since = models.DateTimeField(_("payment late since"), null=True)
    # How many steps of the ladder were taken: mails, read-only, suspended.
    dunning_step = models.PositiveSmallIntegerField(default=0)
    trial_reminded_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(_("read from Stripe"), null=True)
    metadata = models.JSONField(default=dict, blank=True)

    archive: ClassVar[dict[str, str]] = {
        "stays": "an agreement with Stripe is not made by copying it"
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], name="billing_subscription_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=SubscriptionStatus.values),
                name="billing_subscription_status",
            ),
        ]
        indexes: ClassVar = [
            # An event names its customer before anything else is known.
            models.Index(
                fields=["stripe_customer_id", "organization"],
                condition=~models.Q(stripe_customer_id=""),
                name="billing_subscription_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.status}"

    @property
    def display_status(self) -> SubscriptionStatus:
        """The state in the five words that people are shown."""
        status = SubscriptionStatus(self.status)
        return DISPLAYED.get(status, status)

    @property
    def is_entitled(self) -> bool:
        """Whether the plan counts now."""
        return self.status in ENTITLED

    @property
    def is_at_stripe(self) -> bool:
        """Whether there is a subscription at Stripe that can be changed."""
        return bool(self.stripe_subscription_id) and self.status in LIVE

    @property
    def is_late(self) -> bool:
        return self.status in LATE

    @property
    def is_trial(self) -> bool:
        return self.status == SubscriptionStatus.TRIALING

    @property
    def total_cents(self) -> int:
        """What one period costs."""
        return self.cents * self.seats

    @property
    def ends_at(self) -> datetime | None:
        """When it ends for good, if that is decided."""
        if self.cancel_at_period_end:
            return self.current_period_end
        return self.cancel_at


class InvoiceStatus(models.TextChoices):
    """Stripe's own words for the state of an invoice."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    PAID = "paid", _("Paid")
    UNCOLLECTIBLE = "uncollectible", _("Uncollectible")
    VOID = "void", _("Void")


class Invoice(TenantModel):
    """One invoice of an organization, as Stripe last told it; amounts are in cents."""

    stripe_id = models.CharField(_("invoice at Stripe"), max_length=255)
    number = models.CharField(_("number"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=InvoiceStatus)
    currency = models.CharField(_("currency"), max_length=3)
    total_cents = models.BigIntegerField(_("total"))
    paid_cents = models.BigIntegerField(_("paid"), default=0)
    refunded_cents = models.BigIntegerField(_("refunded"), default=0)
    issued_at = models.DateTimeField(_("issued"))
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)
    hosted_url = models.URLField(max_length=2000, blank=True)
    pdf_url = models.URLField(max_length=2000, blank=True)
    next_attempt_at = models.DateTimeField(_("tried again"), null=True)

    archive: ClassVar[dict[str, str]] = {
        "stays": "Stripe has them, under the customer's id there"
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "stripe_id"], name="billing_invoice_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=InvoiceStatus.values),
                name="billing_invoice_status",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-issued_at", "-id"],
                name="billing_invoice_newest",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.stripe_id


def terms(subscription: Subscription) -> dict[str, Any]:
    """Return what was agreed, for the history."""
    told: dict[str, Any] = {
        "plan": subscription.plan_id,
        "status": str(subscription.status),
        "seats": subscription.seats,
    }
    if subscription.interval != Interval.MONTH:
        told["interval"] = str(subscription.interval)
    if subscription.ends_at:
        told["ends_at"] = subscription.ends_at
    if subscription.next_plan_id:
        told["next_plan"] = subscription.next_plan_id
    return told
