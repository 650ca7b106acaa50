"""Where a change came from: the request's facts, for every entry made during it."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from structlog.contextvars import get_contextvars

USER_AGENT_LENGTH = 500


@dataclass(frozen=True)
class Facts:
    """Address, browser and id of the request a change is made in, and who asks."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""
    person: Any = None
    # The name of the program that asks with a key, where no person does.
    program: str = ""
    # Who of the staff looks on as that person.
    impersonator_id: UUID | None = None

    def name_of(self, user_id: UUID | None) -> str:
        """Return the name of the person who asks, if the id is theirs; of a program
        where there is no person."""
        if user_id is None:
            return self.program
        known = self.person is not None and self.person.pk == user_id
        return str(self.person) if known else ""


NOWHERE = Facts()
# A request is read only when something is recorded; most only look.
_source: ContextVar[HttpRequest | Facts] = ContextVar("audit_source", default=NOWHERE)


def facts() -> Facts:
    """Return what is known of where the current change comes from."""
    source = _source.get()
    if source is NOWHERE:
        # A job has left its request, and carries only ids.
        known = get_contextvars()
        behind = known.get("impersonator")
        return Facts(
            request_id=known.get("request_id", ""),
            impersonator_id=UUID(behind) if behind else None,
        )
    if isinstance(source, Facts):
        return source
    found = request_source(source)
    # The person may still sign in during the request; only a known one is final.
    if found.person is not None:
        _source.set(found)
    return found


def program_name() -> str:
    """Return what the program is called that makes a change without a person."""
    return facts().program or str(_("A program"))


def request_source(request: HttpRequest) -> Facts:
    """Return a request's facts."""
    user = getattr(request, "user", None)
    agent = request.headers.get("User-Agent", "").replace("\0", "")
    key = getattr(request, "api_key", None)
    impersonation = getattr(request, "impersonation", None)
    return Facts(
        address=client_address(request),
        user_agent=agent[:USER_AGENT_LENGTH],
        request_id=getattr(request, "id", ""),
        person=user if user is not None and user.is_authenticated else None,
        program=str(key) if key is not None else "",
        impersonator_id=impersonation.staff_id if impersonation else None,
    )


def client_address(request: HttpRequest) -> str | None:
    """Return the caller's address; forwarded ones only behind our own proxies.

    Each proxy adds the address it was called from at the right, so whatever stands
    left of our own proxies' entries is the caller's invention.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < proxies <= len(forwarded):
        address = forwarded[-proxies].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


@contextmanager
def request_facts(source: HttpRequest | Facts) -> Iterator[None]:
    """Remember where changes come from during a request, or a job it has left."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
