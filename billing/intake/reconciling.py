"""What our rows say against what Stripe does, organization by organization."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import structlog
from django.conf import settings

from billing import storefront
from billing.gateway import Refused, StripeAway
from billing.intake.equipping import address, hears_all, our_endpoint
from billing.models import Subscription
from billing.publishing import wrong_prices
from billing.queries import organization_of_customer
from billing.syncing import differences, sync
from organizations.models import Organization
from organizations.queries import open_organizations
from organizations.tenancy import tenant

log = structlog.get_logger("insula.billing")

# In the place of an organization's address, where something is about none of them.
NOBODY: Final = "-"


@dataclass(frozen=True)
class Difference:
    """Something that our rows say otherwise than Stripe does; where, and whether it
    was mended. What is only told is somebody else's."""

    where: str
    what: str
    is_mended: bool = False
    is_told: bool = False

    def __str__(self) -> str:
        ends = " (mended)" if self.is_mended else ""
        return f"{self.where}: {self.what}{ends}"


def reconcile(*, repair: bool, slug: str = "") -> Iterator[Difference]:
    """Yield every difference, mended where that is asked for; outside organizations.

    What fails in one organization is a difference of its own and stops no other.
    """
    met = False
    for pk in open_organizations():
        with tenant(pk):
            here = customer_slug(slug)
            found = list(of_organization(here, repair=repair)) if here else []
        met |= bool(here)
        yield from found
    if not slug:
        yield from of_everybody()
    elif not met:
        yield Difference(slug, "there is no such customer")


def customer_slug(wanted: str) -> str:
    """Return the active organization's address if it is a customer and is wanted."""
    if not Subscription.objects.exclude(stripe_customer_id="").exists():
        return ""
    found: str = Organization.objects.values_list("slug", flat=True).get()
    return found if wanted in {"", found} else ""


def of_organization(slug: str, *, repair: bool) -> Iterator[Difference]:
    """Yield the differences of the active organization."""
    try:
        found = differences()
        if found and repair:
            sync()
    except Exception as error:
        log.exception("billing.not_reconciled", slug=slug)
        yield Difference(slug, f"{type(error).__name__}: {error}")
        return
    for what in found:
        yield Difference(slug, what, is_mended=repair)


def of_everybody() -> Iterator[Difference]:
    """Yield what is wrong with the price list and the endpoint, and who is unknown."""
    try:
        yield from (Difference(NOBODY, what) for what in wrong_prices())
        yield from endpoint_missing()
        yield from strangers()
    except (StripeAway, Refused) as error:
        yield Difference(NOBODY, f"{type(error).__name__}: {error}")


def endpoint_missing() -> Iterator[Difference]:
    """Yield that Stripe tells us nothing; a double needs no endpoint."""
    if settings.BILLING_DOUBLE:
        return
    there = our_endpoint()
    if there is None or not hears_all(there):
        yield Difference(NOBODY, f"Stripe does not send what we use to {address()}")


def strangers() -> Iterator[Difference]:
    """Yield customers and subscriptions at Stripe that are none of ours."""
    for each in storefront.all_customers():
        if organization_of_customer(each["id"]) is None:
            yield Difference(NOBODY, f"{each['id']} is no customer", is_told=True)
    for each in storefront.all_subscriptions():
        if organization_of_customer(str(each["customer"])) is None:
            text = f"{each['id']} of {each['customer']} is nobody's subscription"
            yield Difference(NOBODY, text, is_told=True)


def repair_all() -> None:
    """Mend every night what an event that never came has left behind."""
    if not settings.BILLING_ON:
        return
    for found in reconcile(repair=True):
        if not found.is_told:
            log.warning("billing.differed", where=found.where, what=found.what)
