"""The answers to whoever is not Stripe: one sentence, and not for ever."""

from typing import Final

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

# Of one address. What Stripe sends is never counted.
WRONG: Final = {"app": "insula", "action": "stripe_event"}
MOST: Final = {"stripe_event": "30/m/ip"}
SECONDS: Final = 60


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """Return 400 with the reason, and 429 to whoever goes on with it."""
    if ratelimit.consume(request, **WRONG, config=MOST):
        return HttpResponse(sentence, status=400, content_type="text/plain")
    answer = HttpResponse("Too many wrong requests.", status=429)
    answer.headers["Content-Type"] = "text/plain"
    answer.headers["Retry-After"] = str(SECONDS)
    return answer
