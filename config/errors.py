"""Error answers in our look: the same bytes for foreign and for missing."""

import math
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import loader

from organizations.api.problems import PREFIX, of_status

# An error page loads its styles and nothing else, whatever led to it.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECONDS_AWAY: Final = "5"
SECONDS_TOO_OFTEN: Final = 60


def page(
    request: HttpRequest, status: int, template: str = "", **context: Any
) -> HttpResponse:
    """Return the error page of a status, or what programs get in its place; needs no
    database and no session."""
    if request.path_info.startswith(PREFIX):
        return of_status(request, status)
    context["request_id"] = getattr(request, "id", "")
    # The cookie, not the person: asking for that may need the database.
    context["theme"] = request.COOKIES.get("theme", "")
    text = loader.render_to_string(template or f"{status}.html", context)
    response = HttpResponse(text, status=status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        403,
        ability=getattr(exception, "ability", None),
        roles=getattr(exception, "roles", ()),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 404)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = page(request, 405)
    response.headers["Allow"] = allowed
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, 413)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    seconds = getattr(request, "retry_after", SECONDS_TOO_OFTEN)
    response = page(request, 429, minutes=math.ceil(seconds / 60))
    response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


def service_unavailable(request: HttpRequest, *, busy: bool = False) -> HttpResponse:
    """Return the page for a database that is away, or that gave up on a statement."""
    response = page(request, 503, busy=busy)
    response.headers["Retry-After"] = SECONDS_AWAY
    return response
