"""From the session to the active organization, checked on every request."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse

from accounts.sessions import ORGANIZATION_KEY
from organizations.models import Membership
from organizations.permissions import abilities
from organizations.tenancy import as_user, bind
from organizations.tenancy.context import Context, enter

# Sign-in, sign-out and session pages change people and sessions, which only an
# identity context may do: inside an organization sign-out would leave its row.
IDENTITY_PREFIXES = ("/accounts/",)


class OrganizationMiddleware:
    """Opens the context a view runs in: an organization, a person, or identity.

    Sets `request.organization`, `membership`, `memberships` and `abilities`. One
    statement fetches them all; a session naming an organization its person does not
    belong to, or no longer may enter, enters none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.organization = request.membership = None
        request.memberships, request.abilities = [], frozenset()
        context = self._context(request)
        with enter(context):
            response = self.get_response(request)
        if response.streaming and not response.is_async:
            response.streaming_content = bind(context, response.streaming_content)
        return response

    def _context(self, request: Any) -> Context:
        if not request.user.is_authenticated:
            return Context("identity")
        user_id = request.user.pk
        structlog.contextvars.bind_contextvars(user=str(user_id))
        with as_user(user_id):
            request.memberships = list(
                Membership.own.filter(user_id=user_id, organization__deleted_at=None)
                .select_related("organization")
                .order_by("organization__name", "id")
            )
        self._choose(request)
        if request.path.startswith(IDENTITY_PREFIXES):
            return Context("identity", None, user_id)
        if request.membership is None:
            return Context("user", None, user_id)
        return Context("tenant", request.organization.pk, user_id)

    def _choose(self, request: Any) -> None:
        wanted = active_organization_id(request)
        for membership in request.memberships:
            if membership.organization_id == wanted and may_enter(membership):
                request.membership = membership
                request.organization = membership.organization
                request.abilities = abilities(membership.role)
                structlog.contextvars.bind_contextvars(organization=str(wanted))


def active_organization_id(request: Any) -> UUID | None:
    """Return the organization the session names, if it names a well-formed one."""
    try:
        return UUID(request.session.get(ORGANIZATION_KEY) or "")
    except ValueError:
        return None


def may_enter(membership: Membership) -> bool:
    """Return whether a membership opens the door now."""
    return membership.suspended_at is None and membership.organization.is_active


