"""Pages are read from the standby, but for whoever has written a moment ago."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from organizations.tenancy.replica import from_replica

COOKIE: Final = "wrote"
SAFE: Final = {"GET", "HEAD"}


class ReplicaMiddleware:
    """Opens the standby for pages that only read.

    A browser that has sent anything but a reading request carries a mark for some
    seconds and is served from the primary meanwhile, so that people see what they did.
    Programs always are: they keep no cookies, and read what they wrote at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not settings.HAS_REPLICA:
            return self.get_response(request)
        if request.method not in SAFE:
            return marked(self.get_response(request))
        if COOKIE in request.COOKIES or not is_a_members(request):
            return self.get_response(request)
        with from_replica():
            return self.get_response(request)


def is_a_members(request: Any) -> bool:
    """Return whether a page is some member's own, seen inside their organization."""
    return request.organization is not None and not request.user.is_staff


def marked(response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.REPLICA_GRACE_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
