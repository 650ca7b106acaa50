"""The first middleware: refuses what no page could make sense of."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from config.errors import bad_request

CHARSETS = {"", "utf-8", "utf8", "us-ascii", "ascii"}


class GuardMiddleware:
    """Answers 400 to unknown Host names and charsets, on every route alike.

    Django looks at the Host only when somebody asks for it, and fails with 500 while
    it shows the 400 page for a form in a charset it cannot read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "") if request.content_params else ""
        if charset.strip("\"' ").lower() not in CHARSETS:
            return bad_request(request)
        try:
            request.get_host()
        except DisallowedHost:
            return bad_request(request)
        return self.get_response(request)
