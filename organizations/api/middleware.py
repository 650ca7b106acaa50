"""Requests of other programs: a key instead of a session, problems instead of pages."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from organizations.api.authentication import key_of
from organizations.api.idempotency import once
from organizations.api.manners import operation_of, refuse_strange
from organizations.api.problems import PREFIX, Problem, answered, of_status
from organizations.audit.context import request_facts
from organizations.tenancy import Context
from organizations.tenancy.context import enter


class ApiMiddleware:
    """Opens the context of the key's organization for addresses of the API.

    Sets `request.api_key`, or `api_problem` that each endpoint raises which asks for a
    key. Cookies are nothing here: whoever is signed in is as unknown as everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        # Programs and those who write them read English, whatever a browser asks for.
        with translation.override(settings.LANGUAGE_CODE):
            response = self.answer(request)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        return response

    def answer(self, request: Any) -> HttpResponse:
        request.api_key = request.api_problem = None
        # A form's token guards what cookies may do, which is nothing here.
        request._dont_enforce_csrf_checks = True
        try:
            key, allowance = key_of(request)
        except Problem as problem:
            request.api_problem = problem
            return in_our_shape(request, self.get_response(request))
        request.api_key, request.organization = key, key.organization
        request.abilities = frozenset(key.scopes)
        structlog.contextvars.bind_contextvars(
            api_key=str(key.pk), organization=str(key.organization_id)
        )
        if allowance.problem is not None:
            return allowance.tell(answered(request, allowance.problem))
        with enter(Context("tenant", key.organization_id)), request_facts(request):
            response = once(request, self.get_response)
        return allowance.tell(in_our_shape(request, response))

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what the endpoint does not know, to those whose key is known."""
        if getattr(request, "api_key", None) is None:
            return None
        operation = operation_of(view, request.method)
        try:
            if operation is not None:
                refuse_strange(request, operation)
        except Problem as problem:
            return answered(request, problem)
        return None


def in_our_shape(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return an answer, with a problem in place of an error page or a bare text."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code < 400 or "json" in kind:
        return response
    problem = of_status(request, response.status_code)
    if "Allow" in response.headers:
        problem.headers["Allow"] = response.headers["Allow"]
    return problem
