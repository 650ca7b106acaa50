"""What money hears of organizations: one that begins or ends, members who come or go."""

from typing import Any, Final

from django.conf import settings

from billing import jobs
from billing.entitlement import begin_free
from organizations.archives.arriving import arrived
from organizations.audit.recording import recorded
from organizations.tenancy import current
from organizations.tenancy.jobs import enqueue

SEATED: Final = {"member.added", "member.removed", "member.left"}


def begin(*, entry: Any, target: Any, **kwargs: Any) -> None:
    """Give a new organization what is free."""
    if entry.action == "organization.created":
        begin_free(target)


def begin_again(*, organization: Any, **kwargs: Any) -> None:
    """Give an organization that came out of an archive what is free."""
    begin_free(organization)


def follow(*, entry: Any, **kwargs: Any) -> None:
    """Have Stripe charge what the members are, and end with the organization.

    Only one that is known there is worth a job; the free ones are not.
    """
    context = current()
    if not settings.BILLING_ON or context is None or context.mode != "tenant":
        return
    if entry.action in SEATED and jobs.is_customer():
        jobs.keep_seats_later()
    elif entry.action == "organization.deleted" and jobs.is_customer():
        enqueue(jobs.end_with_period)


def connect() -> None:
    """Listen, once."""
    recorded.connect(begin, dispatch_uid="billing.begin")
    arrived.connect(begin_again, dispatch_uid="billing.begin_again")
    recorded.connect(follow, dispatch_uid="billing.follow")
