"""Every request starts with the narrowest context that can sign somebody in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from organizations.tenancy.context import identity


class TenancyMiddleware:
    """Opens `identity()` for sessions and sign-in; no tenant data is visible in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with identity():
            return self.get_response(request)
