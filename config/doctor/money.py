"""Whether Stripe is the one that is meant, and sells what our price list says."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from billing.models import Interval, Plan, Price
from config.doctor.asking import is_server, limited
from config.doctor.finding import Finding
from organizations.tenancy.context import identity


def keys_fit() -> Iterator[Finding]:
    """Look at which kind of key is in use; the key itself is never shown."""
    key = settings.STRIPE_SECRET_KEY
    if not key or settings.BILLING_DOUBLE:
        return
    if settings.STRIPE_LIVE_MODE and settings.DEBUG:
        yield Finding("D222", _("A live key of Stripe's is used while DEBUG is on."))
    if is_server() and not settings.STRIPE_LIVE_MODE:
        yield Finding("D221", _("A test key of Stripe's is used: nobody really pays."))
    if not settings.STRIPE_WEBHOOK_SECRET:
        text = _("The secret of Stripe's events is missing, so payments are off.")
        yield Finding("D223", text)


def plans_are_sold() -> Iterator[Finding]:
    """Compare each plan's price with the one that is on sale."""
    if not settings.BILLING_ON:
        return
    with identity(), limited("default"):
        plans = list(Plan.objects.using("default").filter(is_for_sale=True))
        rows = Price.objects.using("default").filter(is_current=True)
        sold = {(row.plan_id, row.interval): row for row in rows}
    away = [plan.code for plan in plans if not plan.is_free and not is_sold(plan, sold)]
    if away:
        text = _("Stripe does not sell these plans at their price: %(codes)s.")
        yield Finding("D224", text % {"codes": ", ".join(away)})


def is_sold(plan: Plan, sold: dict[tuple[str, str], Price]) -> bool:
    """Whether Stripe asks for what the plan says, for each interval."""
    rows = [(plan.cents(each), sold.get((plan.code, each))) for each in Interval]
    currency = settings.BILLING_CURRENCY
    return all(row and (row.cents, row.currency) == (c, currency) for c, row in rows)
