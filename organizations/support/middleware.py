"""A request of somebody who looks on: what is closed, what is noted, when it is over."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.impersonation.models import Ended
from organizations.decorators import go
from organizations.support import visiting
from organizations.support.closed import is_closed, is_refused_write, refusal
from organizations.support.models import SupportGrant
from organizations.support.seeing import note_page
from organizations.tenancy import current, no_context, tenant
from organizations.tenancy.context import looking_on


class SupportMiddleware:
    """Ends stays that are over, keeps the others to what they may, and notes what they see.

    Requests of everybody else pass through it untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.over:
            return ended(request, request.over)
        if request.impersonation is None:
            return self.get_response(request)
        if not visiting.holds(request.impersonation, request.memberships):
            return ended(request, Ended.ORGANIZATION)
        with granted(request):
            response = self.get_response(request)
        note_page(request, response)
        return response

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what is closed to whoever looks on."""
        if request.impersonation is None or not is_closed(request, view):
            return None
        return refusal(request, never=True)

    def process_exception(self, request: Any, exception: Exception) -> Any:
        """Explain what the database has refused."""
        if request.impersonation is None or not is_refused_write(exception):
            return None
        return refusal(request, never=False)


def granted(request: Any) -> AbstractContextManager[Any]:
    """Return the context of a view: the one that reads, or by a grant one that writes."""
    stack, context = ExitStack(), current()
    # The person's own pages are in no organization.
    key = context.organization_id if context else None
    request.may_change = key is not None and SupportGrant.live.exists()
    if request.may_change:
        stack.enter_context(looking_on(key))
        stack.enter_context(no_context())
        stack.enter_context(tenant(key, request.user))
    return stack


def ended(request: Any, why: str) -> HttpResponse:
    """End a stay for good, and lead back to the console."""
    back = visiting.leave(request, why)
    reason = Ended(why).label if why else ""
    messages.info(request, _("You no longer look on: %(why)s.") % {"why": reason})
    return go(request, back)
