"""One call of another program: one deadline for all of it, and so much of its answer.

Nothing that a receiver does holds a sender longer, fills its memory, or leads it
anywhere but to the address that was checked.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from django.conf import settings

from organizations.webhooks.addresses import Pinned, Refused, Unfindable, places_of
from organizations.webhooks.models import Failure

CHUNK: Final = 16 * 1024
HEADERS_KEPT: Final = 50
HEADER_LENGTH: Final = 500
DETAIL_LENGTH: Final = 300


@dataclass
class Answer:
    """What came back from a call; `failure` is empty for a success."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    milliseconds: int = 0
    failure: str = ""
    detail: str = ""

    @property
    def is_success(self) -> bool:
        return not self.failure

    def fail(self, failure: str, error: BaseException | None = None) -> None:
        self.failure, self.detail = failure, str(error or "")[:DETAIL_LENGTH]


async def call(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """Send a body to an address and return what came of it; it raises nothing."""
    answer, started = Answer(), time.monotonic()
    try:
        async with asyncio.timeout(settings.WEBHOOK_DEADLINE_SECONDS):
            await exchange(answer, url, headers, body)
    except (aiohttp.ClientError, OSError, ValueError, EOFError) as error:
        answer.fail(failure_of(error), innermost(error))
    answer.milliseconds = round((time.monotonic() - started) * 1000)
    return answer


async def exchange(
    answer: Answer, url: str, headers: dict[str, str], body: bytes
) -> None:
    """Send, and note what comes back as it comes."""
    async with session(await places_of(url)) as open_session:
        response = await open_session.post(
            url, data=body, headers=headers, allow_redirects=False
        )
        answer.status, answer.headers = response.status, kept(response.headers)
        try:
            await read(answer, response)
        finally:
            # Whatever is left of it nobody waits for.
            response.close()
    if 300 <= response.status < 400:
        answer.fail(Failure.REDIRECT)
    elif not 200 <= response.status < 300:
        answer.fail(Failure.STATUS)


def session(places: list[str]) -> aiohttp.ClientSession:
    """Return a session that leads to these addresses only, and keeps and believes
    nothing of this machine."""
    pinned = Pinned(places)
    connector = aiohttp.TCPConnector(
        resolver=pinned,
        socket_factory=pinned.open,
        use_dns_cache=False,
        force_close=True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=settings.WEBHOOK_DEADLINE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=CHUNK,
    )


async def read(answer: Answer, response: aiohttp.ClientResponse) -> None:
    """Read an answer's body up to the limit."""
    most = settings.WEBHOOK_READ_BYTES
    while len(answer.body) < most:
        part = await response.content.read(min(CHUNK, most - len(answer.body)))
        if not part:
            return
        answer.body += part


def kept(headers: Any) -> dict[str, str]:
    """Return the answer's headers as far as the log keeps them."""
    found = list(headers.items())[:HEADERS_KEPT]
    return {name[:100]: value[:HEADER_LENGTH] for name, value in found}


FAILURES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (Refused, Failure.REFUSED),
    (Unfindable, Failure.UNKNOWN_HOST),
    (TimeoutError, Failure.TIMEOUT),
    (aiohttp.ClientSSLError, Failure.CERTIFICATE),
    (aiohttp.ClientConnectorError, Failure.UNREACHABLE),
    (aiohttp.InvalidURL, Failure.REFUSED),
    (aiohttp.ClientResponseError, Failure.UNREADABLE),
    (aiohttp.ClientPayloadError, Failure.UNREADABLE),
    (ValueError, Failure.UNREADABLE),
)


def failure_of(error: BaseException) -> str:
    """Return what a call failed for."""
    inner = innermost(error)
    for kind, failure in FAILURES:
        if isinstance(inner, kind) or isinstance(error, kind):
            return failure
    return Failure.BROKEN


def innermost(error: BaseException) -> BaseException:
    """Return what the library wrapped, where it did."""
    return getattr(error, "os_error", None) or error
