"""What the organizations of the demo pay, at the double where there is one."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from billing import comping, flows, gateway
from billing.fakestripe.world import current
from billing.models import Interval, Plan, Subscription, SubscriptionStatus
from billing.syncing import sync
from config.seeds.drafts import Story
from organizations.models import Organization
from organizations.tenancy.models import uuid7


def subscribe(story: Story, organization: Organization, by: Any) -> None:
    """Give an organization its plan: bought where that is possible, else for nothing."""
    plan = Plan.objects.get(code=story.plan)
    if not settings.BILLING_DOUBLE:
        comping.comp(plan=plan, by=by, reason="It is part of the demo.")
        return
    home = f"{settings.BASE_URL.rstrip('/')}/"
    address = flows.buy(
        organization=organization,
        choice=flows.Choice(plan, Interval.MONTH),
        by=by,
        sent_as=uuid7(),
        ways=flows.Ways(home, home),
    )
    current().pay(urlsplit(address).path.rstrip("/").rpartition("/")[2])
    sync()
    if story.status == SubscriptionStatus.ACTIVE:
        end_trial()


def end_trial() -> None:
    """Let the first payment come now, so that there is an invoice to look at."""
    row = Subscription.objects.get()
    gateway.update(row.stripe_subscription_id, {"trial_end": "now"}, {})
    sync()
