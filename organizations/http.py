"""The request as views see it, with who asks and for which organization."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.impersonation.models import Impersonation
from accounts.models import User
from organizations.models import Membership, Organization


class TenantRequest(HttpRequest):
    """A request inside an organization: these attributes are set by middleware."""

    id: str
    user: User
    organization: Organization
    membership: Membership
    memberships: list[Membership]
    abilities: frozenset[str]
    closed_organization: Organization | None
    unread: int | None
    impersonation: Impersonation | None
    htmx: HtmxDetails
