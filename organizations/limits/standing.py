"""What unpaid bills close, by degrees: first changes, then everything but the way out."""

from typing import Final

from organizations.limits.refusals import BadStanding
from organizations.models import Organization, Standing

# Whoever may pay must be able to; whoever owns it may end it, or take it along.
OPEN_ABILITIES: Final = frozenset(
    {"billing.view", "billing.edit", "organization.delete", "organization.export"}
)
# What is an organization's own can be taken along, and nobody is held.
# An inbox is the person's, also while the organization can only be read.
OPEN_VIEWS: Final = frozenset(
    {
        "exports:task_export",
        "members:member_leave",
        "notifications:notification_archive",
        "notifications:notification_read",
        "notifications:notification_unarchive",
        "notifications:notification_unread",
        "notifications:preferences",
        "notifications:read_all",
    }
)


def refuse_standing(
    organization: Organization, ability: str, view: str, method: str
) -> None:
    """Raise BadStanding when the organization's bills close what a request asks for."""
    if organization.standing == Standing.GOOD:
        return
    if ability in OPEN_ABILITIES or view in OPEN_VIEWS:
        return
    if method == "POST" or organization.standing == Standing.SUSPENDED:
        raise BadStanding(organization.standing)


def require_good(standing: str) -> None:
    """Raise BadStanding unless an organization with this standing takes people in."""
    if standing != Standing.GOOD:
        raise BadStanding(standing)
