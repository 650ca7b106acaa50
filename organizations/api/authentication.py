"""From the key in the header to the organization it acts for.

The key's text names the organization: that one is entered to look for its hash, and
the request's own context opens only once it matched.
"""

from hmac import compare_digest
from typing import Final

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils import timezone

from organizations.api.limiting import Allowance
from organizations.api.models import ApiKey
from organizations.api.problems import Problem
from organizations.api.queries import Found, key_asks
from organizations.api.secrets import digest_of, organization_in
from organizations.audit.context import client_address
from organizations.tenancy import Context
from organizations.tenancy.context import enter

# Of one address, in a minute. Keys that are known are counted elsewhere.
WRONG: Final = {"app": "insula", "action": "api_key"}
MOST: Final = {"api_key": "60/m/ip"}
SECONDS: Final = 60


def bearer(request: HttpRequest) -> str:
    """Return the key of a request; "" without one."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def key_of(request: HttpRequest) -> tuple[ApiKey, Allowance]:
    """Return the key a request brings, with its organization, and what it may ask yet;
    Problem when it opens nothing."""
    text = bearer(request)
    if not text:
        raise Problem("key_missing", "Send it as “Authorization: Bearer <key>”.")
    found = looked_up(text, request)
    if found is None:
        raise unknown(request)
    refuse_ended(found)
    most = found.key.organization.api_per_minute
    return found.key, Allowance(most, found.requests, timezone.now())


def looked_up(text: str, request: HttpRequest) -> Found | None:
    """Return what stands behind a key's text, present or former."""
    organization_id, digest = organization_in(text), digest_of(text)
    if organization_id is None:
        return None
    address = client_address(request)
    with enter(Context("tenant", organization_id)):
        found = key_asks(organization_id, digest, timezone.now(), address)
    if found is None:
        return None
    known = (found.key.digest, found.key.former_digest)
    return found if any(compare_digest(one, digest) for one in known) else None


def unknown(request: HttpRequest) -> Problem:
    """Return the problem of a key that nobody has; whoever goes on guessing waits."""
    if ratelimit.consume(request, **WRONG, config=MOST, limit_get=True):
        return Problem("key_invalid")
    words = "Too many requests with keys that are not known."
    headers = {"Retry-After": str(SECONDS)}
    return Problem("too_many_requests", words, headers=headers)


def refuse_ended(found: Found) -> None:
    """Raise a Problem for a key that opens nothing any more."""
    if found.key.is_revoked:
        raise Problem("key_revoked")
    if found.key.is_expired:
        raise Problem("key_expired")
    if not found.is_open:
        raise Problem("organization_closed")
