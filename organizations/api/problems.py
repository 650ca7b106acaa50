"""What the API refuses, as RFC 9457 says it: one shape, with codes that stay."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

PREFIX: Final = "/api/"
MEDIA_TYPE: Final = "application/problem+json"

# Code: status and title. Programs decide by the code; it never changes its meaning.
CODES: Final[dict[str, tuple[int, str]]] = {
    "malformed": (400, "The request cannot be read"),
    "cursor_invalid": (400, "The cursor is none of ours"),
    "key_missing": (401, "An API key is needed"),
    "key_invalid": (401, "The API key is not known"),
    "key_expired": (401, "The API key has expired"),
    "key_revoked": (401, "The API key was revoked"),
    "plan_limit": (402, "The plan does not allow this"),
    "payment_overdue": (402, "A payment is overdue"),
    "scope_missing": (403, "The API key may not do this"),
    "organization_closed": (403, "The organization is closed"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "The address does not take this method"),
    "conflict": (409, "The present state does not allow this"),
    "changed_meanwhile": (412, "It has changed since it was read"),
    "too_large": (413, "The request is too large"),
    "unsupported_media_type": (415, "The body is not of a kind that is read here"),
    "invalid": (422, "Some values are not valid"),
    "idempotency_key_reused": (422, "The Idempotency-Key belongs to another request"),
    "too_many_requests": (429, "Too many requests"),
    "server_error": (500, "Something broke on our side"),
    "unavailable": (503, "The database is away for a moment"),
}
BY_STATUS: Final = {
    400: "malformed",
    403: "scope_missing",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many_requests",
    500: "server_error",
    503: "unavailable",
}


class Problem(Exception):
    """Something the API refuses, by its code; `errors` name the values at fault."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail
        self.errors, self.headers, self.facts = errors, headers or {}, facts

    @property
    def status(self) -> int:
        return CODES[self.code][0]

    @property
    def body(self) -> dict[str, Any]:
        status, title = CODES[self.code]
        return {
            "type": f"/api/v1/docs#{self.code}",
            "title": title,
            "status": status,
            "code": self.code,
            **({"detail": self.detail} if self.detail else {}),
            **({"errors": list(self.errors)} if self.errors else {}),
            **self.facts,
        }


def answered(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return a problem as the answer to a request."""
    body = problem.body | {"request_id": getattr(request, "id", "")}
    response = HttpResponse(
        json.dumps(body), status=problem.status, content_type=MEDIA_TYPE
    )
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Insula"'
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    """Return the problem that stands for an error page of a status."""
    code = BY_STATUS.get(status, "malformed" if status < 500 else "server_error")
    return answered(request, Problem(code))
