"""From the session to the active organization, checked on every request."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse

from accounts.sessions import ORGANIZATION_KEY
from organizations.limits.answers import refused
from organizations.models import Membership
from organizations.permissions import effective
from organizations.queries import memberships_of
from organizations.tenancy import Context, bind
from organizations.tenancy.context import enter, looking_on

# Sign-in, sign-out and session pages change people and sessions, which only an
# identity context may do: inside an organization sign-out would leave its row.
IDENTITY_PREFIXES = ("/accounts/",)


class OrganizationMiddleware:
    """Opens the context a view runs in: an organization, a person, or identity.

    Sets `request.organization`, `membership`, `memberships`, `abilities` and `unread`.
    One statement fetches them all; a session naming an organization its person does not
    belong to, or no longer may enter, enters none. One that asks for a second step
    its person has not got stays closed, too, and is `closed_organization` instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.organization = request.membership = None
        request.memberships, request.abilities = [], frozenset()
        request.closed_organization, request.unread = None, None
        with looked_at(request):
            context = self._context(request)
            with enter(context):
                response: Any = self.get_response(request)
        if response.streaming and not response.is_async:
            response.streaming_content = bind(context, response.streaming_content)
        return response

    def process_exception(self, request: Any, exception: Exception) -> Any:
        """Answer what the plan refuses, whichever view or table has said so."""
        return refused(request, exception)

    def _context(self, request: Any) -> Context:
        user = request.user
        if not user.is_authenticated:
            return Context("identity")
        # Asked for in the organization that the session names: cheaper, and kept if
        # the membership is there. The statement shows a person no others either way.
        named = named_organization(request)
        context = Context("tenant" if named else "user", named, user)
        with enter(context):
            request.memberships, last = memberships_of(user)
        if stay_of(request) is not None:
            keep_one(request)
        membership = chosen(request, named, last)
        organization_id = None
        if membership is not None and lacks_second_step(membership, user):
            request.closed_organization = membership.organization
        elif membership is not None:
            organization_id = membership.organization_id
            request.membership = membership
            request.organization = membership.organization
            request.unread = membership.unread
            request.abilities = effective(membership)
        structlog.contextvars.bind_contextvars(
            user=str(user.pk), organization=str(organization_id or "")
        )
        if request.path.startswith(IDENTITY_PREFIXES):
            return Context("identity", None, user)
        if organization_id == context.organization_id:
            return context
        return Context("tenant" if organization_id else "user", organization_id, user)


def looked_at(request: Any) -> AbstractContextManager[None]:
    """Let everything within a request only read where staff look on as its person."""
    return looking_on() if stay_of(request) else nullcontext()


def stay_of(request: Any) -> Any:
    """Return the stay of staff that a request belongs to, or None."""
    return getattr(request, "impersonation", None)


def keep_one(request: Any) -> None:
    """Leave out the person's other organizations, which staff look at for no reason."""
    shown = request.impersonation.organization_id
    request.memberships = [
        one for one in request.memberships if one.organization_id == shown
    ]


def named_organization(request: Any) -> UUID | None:
    """Return the organization that the session names."""
    named = request.session.get(ORGANIZATION_KEY)
    return UUID(named) if named else None


def chosen(request: Any, named: UUID | None, last: UUID | None) -> Membership | None:
    """Return the membership a request works under.

    The session decides. A session that names no organization yet takes the one its
    person was in last, else the first; one that names a closed one takes none, so
    that nobody lands in another organization without having asked.
    """
    open_ones = [one for one in request.memberships if may_enter(one)]
    if named is None:
        was = [one for one in open_ones if one.organization_id == last]
        return next(iter(was or open_ones), None)
    return next((one for one in open_ones if one.organization_id == named), None)


def may_enter(membership: Membership) -> bool:
    """Return whether a membership opens the door now."""
    return membership.suspended_at is None and membership.organization.is_active


def lacks_second_step(membership: Membership, user: Any) -> bool:
    """Return whether the organization asks for more than the person's sign-in has."""
    asked: bool = membership.organization.requires_second_factor
    return asked and not user.has_second_factor
