"""What somebody is told whom the plan or its bills refuse: one page, or one toast."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from organizations.limits.counting import reached_in
from organizations.limits.payers import billing_page, who_can
from organizations.limits.refusals import BadStanding, LimitReached, PlanRefusal

PAYMENT_REQUIRED: Final = 402


def refusal_of(exception: Exception) -> PlanRefusal | None:
    """Return what a plan refuses, be it said by us or by the database."""
    if isinstance(exception, PlanRefusal):
        return exception
    return reached_in(exception) if isinstance(exception, IntegrityError) else None


def who(refusal: PlanRefusal, request: Any) -> str:
    """Return who could change what is refused."""
    return who_can(request.abilities, pay=isinstance(refusal, BadStanding))


def explained(refusal: PlanRefusal, request: Any) -> str:
    """Return what is refused and who could change that, as forms and toasts say it."""
    return f"{refusal} {who(refusal, request)}".strip()


@contextmanager
def told_by(form: Any, request: Any, field: str | None = None) -> Iterator[None]:
    """Turn a limit that is reached into an error of the form: it keeps what was typed."""
    try:
        yield
    except LimitReached as reached:
        form.add_error(field, explained(reached, request))


def refused(request: Any, exception: Exception) -> HttpResponse | None:
    """Answer 402 for what a plan refuses; None for any other exception."""
    refusal = refusal_of(exception)
    if refusal is None or request.organization is None:
        return None
    if request.htmx:
        response = HttpResponse(status=PAYMENT_REQUIRED)
        told = {"text": explained(refusal, request), "level": "error"}
        return trigger_client_event(response, "toast", told)
    context = {
        "refusal": refusal,
        "who": who(refusal, request),
        "billing": billing_page(request.abilities),
    }
    page = "limits/limit_reached.html"
    return render(request, page, context, status=PAYMENT_REQUIRED)
