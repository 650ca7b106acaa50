"""The Content-Security-Policy, put together once a process instead of per answer."""

from typing import Any, Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

PLACE: Final = "NONCE-OF-THE-PAGE"


class PolicyMiddleware(CSPMiddleware):
    """django-csp with its nonce, but without building an unchanging text each time."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.plain = build_policy()
        self.with_nonce = build_policy(nonce=PLACE)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if HEADER not in response.headers:
            nonce = getattr(request, "_csp_nonce", None)
            response.headers[HEADER] = (
                self.with_nonce.replace(PLACE, nonce) if nonce else self.plain
            )
        return response
