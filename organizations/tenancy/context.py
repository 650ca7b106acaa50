"""Who asks, and for which organization: the only truth about the current tenant.

A context lives in a context variable. The database cursor sends it, sealed, in
front of the first statement of each transaction; the policies verify the seal.

While somebody looks on, every context is one that the database lets read and not write.
"""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Literal, TypeVar, overload

from django.conf import settings

Mode = Literal["tenant", "user", "identity", "operator"]
Item = TypeVar("Item")

SEAL_SECONDS = 300
RENEW_SECONDS = 60
MOST_SEALED = 2_000
CLEAR_SQL = "SELECT app.enter('','','','');"

# What app.mode() answers in the database for each kind of context.
DATABASE_MODE = {
    "tenant": "off",
    "user": "off",
    "identity": "identity",
    "operator": "on",
}
# What it answers in a context of somebody who looks on, whatever the kind.
READING = "reading"


class TenancyError(Exception):
    """Something reached for rows it has no context for."""


class NoTenant(TenancyError):
    """Tenant data was touched outside an organization's context."""


class CrossTenant(TenancyError):
    """An object of one organization was used inside another."""


def digest_key(secret: str) -> bytes:
    """Return the 32-byte HMAC key made from a configured seal key."""
    return hashlib.sha256(secret.encode()).digest()


def pads(secret: str) -> tuple[bytes, bytes]:
    """Return the two HMAC pads of a seal key; they are all the database gets."""
    key = digest_key(secret).ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


@lru_cache(maxsize=4)
def started(secret: str) -> tuple[Any, Any]:
    """Return two hashes that have digested the pads: copying them saves half an HMAC."""
    inner, outer = pads(secret)
    return hashlib.sha256(inner), hashlib.sha256(outer)


def seal(message: str) -> str:
    """Return the hex HMAC-SHA256 of a message under the configured seal key."""
    inner, outer = started(settings.TENANCY["SEAL_KEY"])
    inner, outer = inner.copy(), outer.copy()
    inner.update(message.encode())
    outer.update(inner.digest())
    return outer.hexdigest()


@overload
def as_uuid(value: None) -> None: ...


@overload
def as_uuid(value: Any) -> uuid.UUID: ...


def as_uuid(value: Any) -> uuid.UUID | None:
    """Return the UUID of an id, a text, or an object with a primary key."""
    value = getattr(value, "pk", value)
    if value is None or isinstance(value, uuid.UUID):
        return value
    return uuid.UUID(str(value))


class Context:
    """One sealed answer to "who, and inside which organization".

    One that is made while somebody looks on is `reading`, wherever it is made.
    """

    __slots__ = ("_expires", "_sql", "mode", "organization_id", "reading", "user_id")

    def __init__(self, mode: Mode, organization: Any = None, user: Any = None) -> None:
        self.mode = mode
        self.organization_id = as_uuid(organization)
        self.user_id = as_uuid(user)
        self.reading = is_looked_at(self.organization_id)
        if self.reading and mode == "operator":
            raise TenancyError("who looks on as somebody else is no operator meanwhile")
        self._sql = ""
        self._expires = 0

    def __repr__(self) -> str:
        mode = f"{self.mode}, reading" if self.reading else self.mode
        return f"<{mode} org={self.organization_id} user={self.user_id}>"

    def sql(self) -> str:
        """Return the statement that tells the database this context, freshly sealed."""
        now = int(time.time())
        if self._expires - now < RENEW_SECONDS:
            self._sql, self._expires = sealed(self, now)
        return self._sql


def sealed(context: Context, now: int) -> tuple[str, int]:
    """Return a context's statement and its expiry, made anew when it is too old.

    One person's requests share it: a request opens three contexts.
    """
    secret = settings.TENANCY["SEAL_KEY"]
    mode = READING if context.reading else DATABASE_MODE[context.mode]
    key = (mode, context.organization_id, context.user_id, secret)
    known = _sealed.get(key)
    if known and RENEW_SECONDS <= known[1] - now <= SEAL_SECONDS:
        return known
    if len(_sealed) >= MOST_SEALED:
        _sealed.clear()
    expires = now + SEAL_SECONDS
    organization = context.organization_id or ""
    user = context.user_id or ""
    mac = seal(f"{organization}|{user}|{mode}|{expires}")
    sql = f"SELECT app.enter('{organization}','{user}','{mode}','{expires}.{mac}');"
    _sealed[key] = known = (sql, expires)
    return known


_sealed: dict[tuple[Any, ...], tuple[str, int]] = {}
# The organizations that somebody who looks on may write in; None: nobody looks on.
_writable: ContextVar[frozenset[uuid.UUID] | None] = ContextVar(
    "tenancy_writable", default=None
)
_current: ContextVar[Context | None] = ContextVar("tenancy", default=None)
current: Callable[[], Context | None] = _current.get


@contextmanager
def enter(context: Context | None) -> Iterator[Context | None]:
    """Make a ready context the current one for a block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def tenant(
    organization: Any, user: Any = None
) -> AbstractContextManager[Context | None]:
    """Enter one organization; inside the console this narrows the operator's view."""
    organization_id = as_uuid(organization)
    if organization_id is None:
        raise NoTenant("tenant() needs an organization")
    now = _current.get()
    if now and now.mode == "tenant" and now.organization_id != organization_id:
        raise CrossTenant(
            f"already inside organization {now.organization_id};"
            f" leave it before entering {organization_id}"
        )
    mode: Mode = "operator" if now and now.mode == "operator" else "tenant"
    user_id = as_uuid(user) or (now.user_id if now else None)
    return enter(Context(mode, organization_id, user_id))


def as_user(user: Any) -> AbstractContextManager[Context | None]:
    """Enter as a signed-in person: own row, own memberships, own organizations."""
    return enter(Context("user", None, user))


def identity(user: Any = None) -> AbstractContextManager[Context | None]:
    """Enter for sign-in and sessions: people and sessions, no tenant data."""
    return enter(Context("identity", None, user))


def operator(user: Any, reason: str) -> AbstractContextManager[Context | None]:
    """Enter as staff on the operator connection; the reason is for the log."""
    from organizations.tenancy.bypass import operator_context

    return operator_context(user, reason)


def no_context() -> AbstractContextManager[Context | None]:
    """Leave every context: tenant tables answer nothing."""
    return enter(None)


def is_looked_at(organization_id: uuid.UUID | None) -> bool:
    """Return whether a context of an organization, or of none, would only read."""
    writable = _writable.get()
    return writable is not None and organization_id not in writable


@contextmanager
def looking_on(*writable: Any) -> Iterator[None]:
    """Make contexts of a block reading ones, but those of some organizations.

    No context leads out of it, not even over none: only `for_the_record` does.
    """
    token = _writable.set(frozenset(map(as_uuid, writable)))
    try:
        yield
    finally:
        _writable.reset(token)


@contextmanager
def for_the_record() -> Iterator[None]:
    """Write down what somebody who looks on has seen; a test names who may."""
    token = _writable.set(None)
    try:
        yield
    finally:
        _writable.reset(token)


def required_organization() -> uuid.UUID | None:
    """Return the active organization; None means staff, who see all of them."""
    context = _current.get()
    if context is None:
        raise NoTenant("no active organization: use `with tenant(organization, user):`")
    if context.organization_id is None and context.mode != "operator":
        raise NoTenant(f"no active organization in a {context.mode} context")
    return context.organization_id


def bind(context: Context | None, items: Iterable[Item]) -> Iterator[Item]:
    """Iterate lazily with a context that the consumer has already left."""
    iterator = iter(items)
    try:
        while True:
            with enter(context):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item
    finally:
        # Somebody who stops reading leaves the rest to be tidied up in here.
        if close := getattr(iterator, "close", None):
            with enter(context):
                close()
