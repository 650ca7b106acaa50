"""Refuses what no page could make sense of, before anything reads it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from config.errors import bad_request, too_large

CHARSETS = {"", "utf-8"}


class GuardMiddleware:
    """Answers 400 to unknown hosts, charsets and NUL bytes, 413 to endless bodies.

    On every route alike: Django looks at the Host only when somebody asks for it,
    fails with 500 while it shows the 400 page for a form in a charset it cannot read,
    and hands NUL bytes on to the database, which refuses them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_malformed(request) or is_smuggled(request):
            return bad_request(request)
        if content_length(request) > most_bytes(request):
            return too_large(request)
        return self.get_response(request)


def is_malformed(request: HttpRequest) -> bool:
    """Return whether no page of ours could read the request."""
    if getattr(request, "is_malformed", False):
        return True
    if request.content_params:
        charset = request.content_params.get("charset", "")
        if charset.strip("\"' ").lower() not in CHARSETS:
            return True
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    try:
        request.get_host()
    except DisallowedHost:
        return True
    return False


def is_smuggled(request: HttpRequest) -> bool:
    """Return whether a caller went round our proxies, yet names one that asked them."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return bool(forwarded) and forwarded.count(",") + 1 < proxies


def most_bytes(request: HttpRequest) -> int:
    """Return how long a body may be: more on the few pages that take large files."""
    limits: dict[str, int] = settings.REQUEST_MAX_BYTES_OF
    return limits.get(request.path_info, settings.REQUEST_MAX_BYTES)


def content_length(request: HttpRequest) -> int:
    """Return the announced length of the body; Django ignores one that is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
