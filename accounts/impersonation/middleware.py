"""From a session of staff to the person they look on as, asked at each request."""

from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from accounts.impersonation.models import Ended, Impersonation
from accounts.sessions import IMPERSONATION_KEY


class ImpersonationMiddleware:
    """Makes staff the person they look on as, and only for as long as that goes on.

    Sets `request.impersonation`, None for everybody else, and `over`: why one that the
    session names has ended. Whoever knows the organizations ends it for good.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.impersonation, request.over = None, ""
        session = request.session
        if session.session_key and IMPERSONATION_KEY in session:
            look_on(request)
        return self.get_response(request)


def look_on(request: Any) -> None:
    """Set who is shown, or why nobody is any more."""
    key = request.session[IMPERSONATION_KEY]
    found = Impersonation.objects.select_related("staff", "person").filter(pk=key)
    impersonation = request.impersonation = found.first()
    if impersonation is None or not request.user.is_authenticated:
        request.over = Ended.STAFF
        return
    request.over = impersonation.over(request.user)
    if request.over:
        return
    person = impersonation.person

    async def auser() -> Any:
        return person

    request.user, request.auser = person, auser
    staff = str(impersonation.staff_id)
    structlog.contextvars.bind_contextvars(impersonator=staff)
