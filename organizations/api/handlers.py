"""How each exception of an endpoint is answered: always a problem, never a page."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from organizations.api.problems import BY_STATUS, Problem, answered
from organizations.limits.answers import refusal_of
from organizations.limits.refusals import BadStanding, LimitReached, PlanRefusal


def add_handlers(api: NinjaAPI) -> None:
    """Answer what endpoints raise; what is not listed is an error of ours."""
    listed: list[tuple[type[Exception], Any]] = [
        (Problem, answered),
        (Http404, missing),
        (ObjectDoesNotExist, missing),
        (ValidationError, invalid),
        (HttpError, other),
        (RequestDataTooBig, too_large),
        (PlanRefusal, refused),
        (IntegrityError, refused),
        (Exception, broken),
    ]
    for kind, handler in listed:
        api.add_exception_handler(kind, handler)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Foreign and missing are the same."""
    return answered(request, Problem("not_found"))


def invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    """Name each value at fault by where it stands."""
    errors = [
        {"where": pointer(error["loc"]), "detail": error["msg"]}
        for error in exception.errors
    ]
    return answered(request, Problem("invalid", errors=errors))


def pointer(place: Any) -> str:
    """Return where a value stands: body.title, query.limit."""
    first, *rest = [str(part) for part in place]
    # Our endpoints name their one body "data", which nobody sent.
    if rest and first in ("body", "query", "form", "file") and rest[0] in NAMELESS:
        rest = rest[1:]
    return ".".join([first, *rest])


NAMELESS = frozenset({"data", "page", "filters"})


def other(request: HttpRequest, exception: HttpError) -> HttpResponse:
    code = BY_STATUS.get(exception.status_code, "malformed")
    return answered(request, Problem(code, str(exception)))


def too_large(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answered(request, Problem("too_large"))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 402 for what the plan or its bills refuse; the rest is an error of ours."""
    refusal = refusal_of(exception)
    if refusal is None:
        raise exception
    code = "payment_overdue" if isinstance(refusal, BadStanding) else "plan_limit"
    facts: dict[str, Any] = {}
    if isinstance(refusal, LimitReached):
        facts = {
            "limit": {
                "key": str(refusal.key),
                "used": refusal.used,
                "most": refusal.limit,
            }
        }
    return answered(request, Problem(code, str(refusal), **facts))


def broken(request: HttpRequest, exception: Exception) -> HttpResponse:
    raise exception
