"""What is looked after each day in every organization, whatever Stripe tells or not."""

import structlog

from billing import comping, dunning, reminding
from billing.models import Subscription
from organizations.queries import open_organizations
from organizations.tenancy import tenant

log = structlog.get_logger("insula.billing")


def tend_all() -> None:
    """Look after each organization; the trouble of one does not stop the others."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            try:
                tend()
            except Exception:
                log.exception("billing.tend_failed", organization=str(organization_id))


def tend() -> None:
    """Take the steps that are due in the active organization."""
    if not Subscription.objects.exists():
        return
    dunning.follow()
    reminding.remind_of_trial()
    reminding.tell_of_ended_trial()
    comping.keep_time()
