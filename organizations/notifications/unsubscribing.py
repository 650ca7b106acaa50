"""Ending a kind's mails with one click, without signing in (RFC 8058).

The token names the organization, the person and the kind; its signature makes it ours.
It opens that organization for this one choice and nothing else.
"""

from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.notifications.kinds import KINDS
from organizations.tenancy import no_context, tenant

SIGNER: Final = Signer(salt="notifications.unsubscribe", sep=":")
# In place of a kind: the daily digest, of whatever it tells.
EVERY_DIGEST: Final = "digest"


class WayOut(NamedTuple):
    """What a token ends, for whom, and in which organization."""

    organization: Organization
    person: User
    code: str


def token_for(organization_id: Any, user_id: Any, code: str) -> str:
    """Return the token that ends a kind's mails to a person."""
    return SIGNER.sign(f"{organization_id}.{user_id}.{code}")


def read_way_out(token: str) -> WayOut | None:
    """Return what a token ends; None when it is not ours, or its person has left."""
    try:
        organization_id, user_id, code = SIGNER.unsign(token).split(".")
        keys = UUID(organization_id), UUID(user_id)
    except (BadSignature, ValueError):
        return None
    if code != EVERY_DIGEST and (code not in KINDS or KINDS[code].is_critical):
        return None
    with no_context(), tenant(keys[0], keys[1]):
        members = Membership.objects.filter(user_id=keys[1], suspended_at=None)
        found = members.select_related("user", "organization").first()
        if found is None or found.organization.deleted_at is not None:
            return None
        return WayOut(found.organization, found.user, code)
