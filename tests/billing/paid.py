"""Rows as Stripe would have them, made by hand."""

from datetime import timedelta

from django.utils import timezone

from billing.entitlement import write_plan
from billing.models import Invoice, Plan, Subscription
from organizations.models import Organization
from organizations.tenancy import no_context, tenant


def paid(organization, **values):
    """Make the subscription that an organization pays, or change it."""
    now = timezone.now()
    plan = Plan.objects.get(code=values.pop("plan", "pro"))
    usual = {
        "plan": plan,
        "status": "active",
        "seats": 4,
        "cents": 1900,
        "currency": "eur",
        "stripe_customer_id": f"cus_{organization.slug}",
        "stripe_subscription_id": f"sub_{organization.slug}",
        "current_period_start": now - timedelta(days=10),
        "current_period_end": now + timedelta(days=20),
        "card": {"brand": "visa", "last4": "4242", "month": 9, "year": 2030},
    }
    with no_context(), tenant(organization):
        row, _made = Subscription.objects.update_or_create(
            organization_id=organization.pk, defaults=usual | values
        )
        write_plan(row)
    return row


def invoiced(organization, **values):
    """Make an invoice of an organization."""
    usual = {
        "stripe_id": f"in_{organization.slug}",
        "number": "INS-0007",
        "status": "open",
        "currency": "eur",
        "total_cents": 7600,
        "issued_at": timezone.now(),
    }
    with no_context(), tenant(organization):
        return Invoice.objects.create(**(usual | values))


def change(organization, **values):
    """Change the subscription as an event of Stripe's would."""
    with no_context(), tenant(organization):
        Subscription.objects.update(**values)


def now_of(organization):
    """Return an organization as it is now."""
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk)


def row_of(organization):
    """Return its subscription as it is now."""
    with no_context(), tenant(organization):
        return Subscription.objects.get()
