"""How plans and subscriptions look in the operator's console."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing.figures import PAYING, monthly
from billing.models import (
    DISPLAYED,
    LATE,
    Invoice,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from billing.money import money
from billing.pricing import PlanForm
from organizations.limits.models import Key

DASHBOARD = "https://dashboard.stripe.com/"


class PlanAdmin(admin.ModelAdmin):
    """The price list."""

    form = PlanForm
    list_display = ("name", "code", "rank", "a_month", "a_year", "is_for_sale")
    list_filter = ("is_for_sale",)
    search_fields = ("name", "code")
    ordering = ("rank",)
    fieldsets = (
        (None, {"fields": ("code", "name", "description", "rank", "is_for_sale")}),
        (
            _("Price"),
            {
                "fields": (
                    "monthly_cents",
                    "yearly_cents",
                    "is_per_seat",
                    "trial_days",
                ),
            },
        ),
        (_("Limits; empty is no limit"), {"fields": tuple(map(str, Key))}),
        (_("API"), {"fields": ("api_per_minute",)}),
        (_("At Stripe"), {"fields": ("prices_at_stripe",)}),
    )

    def get_readonly_fields(
        self, request: Any, obj: Plan | None = None
    ) -> tuple[str, ...]:
        return ("code", "prices_at_stripe") if obj else ("prices_at_stripe",)

    @admin.display(description=_("a month"), ordering="monthly_cents")
    def a_month(self, plan: Plan) -> str:
        return money(plan.monthly_cents, settings.BILLING_CURRENCY)

    @admin.display(description=_("a year"), ordering="yearly_cents")
    def a_year(self, plan: Plan) -> str:
        return money(plan.yearly_cents, settings.BILLING_CURRENCY)

    @admin.display(description=_("prices"))
    def prices_at_stripe(self, plan: Plan) -> str:
        found = plan.prices.order_by("-is_current", "interval", "-created_at")
        prices = [
            {
                "row": price,
                "amount": money(price.cents, price.currency),
                "link": at_stripe("prices", price.pk),
            }
            for price in (found if plan.pk else [])
        ]
        return render_to_string("admin/prices.html", {"prices": prices})


class StatusFilter(admin.SimpleListFilter):
    """The five states that people are shown."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[Any]:
        for status in SubscriptionStatus:
            if status not in DISPLAYED:
                yield status.value, status.label

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if not chosen:
            return queryset
        alike = [hidden for hidden, shown in DISPLAYED.items() if shown == chosen]
        return queryset.filter(status__in=[chosen, *alike])


class LateFilter(admin.SimpleListFilter):
    """Those whose payment is late."""

    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        late = Q(status__in=LATE)
        wanted = {"yes": late, "no": ~late}.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset


class PayingFilter(admin.SimpleListFilter):
    """Those that bring money, as the figures count them."""

    title = _("paying")
    parameter_name = "paying"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"yes": PAYING, "no": ~PAYING}.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset


class SubscriptionAdmin(admin.ModelAdmin):
    """Who is subscribed to what, as Stripe or staff have it."""

    list_display = (
        "organization",
        "plan",
        "state",
        "seats",
        "a_month",
        "renews",
        "is_comped",
        "past_due_since",
    )
    list_filter = (StatusFilter, "plan", "is_comped", LateFilter, PayingFilter)
    list_select_related = ("organization", "plan")
    search_fields = (
        "organization__name",
        "organization__slug",
        "=stripe_customer_id",
        "=stripe_subscription_id",
    )
    search_help_text = _("Organization, or an id of Stripe's")
    ordering = ("-created_at", "-id")
    fieldsets = (
        (
            None,
            {"fields": ("organization", "plan", "state", "is_comped", "comped_until")},
        ),
        (
            _("Price"),
            {"fields": ("seats", "each", "total", "a_month", "card_words", "buyer")},
        ),
        (
            _("Time"),
            {
                "fields": (
                    "period",
                    "renews",
                    "trial",
                    "next_plan",
                    "ended_at",
                    "past_due_since",
                    "dunning_step",
                )
            },
        ),
        (
            _("At Stripe"),
            {
                "fields": (
                    "status",
                    "customer",
                    "subscription",
                    "stripe_price_id",
                    "billing_email",
                    "synced_at",
                )
            },
        ),
    )

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: Subscription) -> str:
        return str(row.display_status.label)

    @admin.display(description=_("a month"))
    def a_month(self, row: Subscription) -> str | None:
        return None if row.is_comped else shown(monthly(row), row)

    @admin.display(description=_("price"))
    def each(self, row: Subscription) -> str:
        return f"{shown(row.cents, row)}, {row.get_interval_display()}"

    @admin.display(description=_("total"))
    def total(self, row: Subscription) -> str:
        return shown(row.total_cents, row)

    @admin.display(description=_("renews or ends"), ordering="current_period_end")
    def renews(self, row: Subscription) -> Any:
        return row.ends_at or row.comped_until or row.current_period_end

    @admin.display(description=_("period"))
    def period(self, row: Subscription) -> str:
        return span(row.current_period_start, row.current_period_end)

    @admin.display(description=_("trial"))
    def trial(self, row: Subscription) -> str:
        return span(row.trial_start, row.trial_end)

    @admin.display(description=_("card"))
    def card_words(self, row: Subscription) -> str:
        return " ".join(str(row.card.get(key, "")) for key in ("brand", "last4"))

    @admin.display(description=_("customer"))
    def customer(self, row: Subscription) -> str:
        return at_stripe("customers", row.stripe_customer_id)

    @admin.display(description=_("subscription"))
    def subscription(self, row: Subscription) -> str:
        return at_stripe("subscriptions", row.stripe_subscription_id)


def shown(cents: int, row: Subscription) -> str:
    return money(cents, row.currency or settings.BILLING_CURRENCY)


def span(begin: Any, end: Any) -> str:
    """Return two days as words; nothing when there are none."""
    return f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}" if begin and end else ""


def at_stripe(kind: str, name: str) -> str:
    """Return an id as a link to Stripe's dashboard, where there is one to look at."""
    key = settings.STRIPE_SECRET_KEY
    if not name or not key or settings.BILLING_DOUBLE:
        return name
    test = "test/" if "_test_" in key else ""
    url = f"{DASHBOARD}{test}{kind}/{name}"
    return format_html(
        '<a class="link mono" href="{}" rel="noreferrer">{}</a>', url, name
    )


class InvoiceAdmin(admin.ModelAdmin):
    """What organizations were billed, the newest first."""

    list_display = (
        "number",
        "organization",
        "status",
        "total",
        "refunded",
        "issued_at",
    )
    list_filter = ("status",)
    list_select_related = ("organization",)
    search_fields = ("number", "stripe_id", "organization__name", "organization__slug")
    search_help_text = _("Number, organization, or an id of Stripe's")
    ordering = ("-issued_at", "-id")
    fields = (
        *list_display,
        "paid",
        "period_start",
        "period_end",
        "next_attempt_at",
        "hosted_url",
        "stripe_id",
    )

    @admin.display(description=_("total"), ordering="total_cents")
    def total(self, invoice: Invoice) -> str:
        return money(invoice.total_cents, invoice.currency, exact=True)

    @admin.display(description=_("paid"), ordering="paid_cents")
    def paid(self, invoice: Invoice) -> str:
        return money(invoice.paid_cents, invoice.currency, exact=True)

    @admin.display(description=_("refunded"), ordering="refunded_cents")
    def refunded(self, invoice: Invoice) -> str | None:
        if not invoice.refunded_cents:
            return None
        return money(invoice.refunded_cents, invoice.currency, exact=True)
