"""Refusals that Django sends as an empty page get a page people can read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.errors import not_allowed


class LookMiddleware:
    """Dresses the empty 405 of `require_POST` and its like in our look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return not_allowed(request, response.headers["Allow"])
        return response
