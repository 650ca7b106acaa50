"""Error answers in our look: the same bytes for foreign and for missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader


def page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """Return the error page of a status; needs no database and no session."""
    context["request_id"] = getattr(request, "id", "")
    return HttpResponse(
        loader.render_to_string(f"{status}.html", context), status=status
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        403,
        ability=getattr(exception, "ability", None),
        roles=getattr(exception, "roles", ()),
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    response = page(request, 503)
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(
        loader.render_to_string(
            "403_csrf.html", {"request_id": getattr(request, "id", "")}
        ),
        status=403,
    )
