"""One try of a delivery: claimed in one transaction, sent, noted in another.

No transaction and no connection of the database waits for a receiver. A delivery that
was claimed by somebody who died is claimed again once its time is over, with the same
id: a receiver gets everything once or more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asgiref.sync import sync_to_async
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import enqueue, job
from organizations.webhooks.bodies import body_of
from organizations.webhooks.calling import Answer, call
from organizations.webhooks.models import (
    Attempt,
    Delivery,
    Endpoint,
    Failure,
    Reason,
    State,
    due,
    in_flight,
)
from organizations.webhooks.signing import headers_of
from organizations.webhooks.telling import tell_disabled
from organizations.webhooks.waiting import retry_after, wait_after

# Those that answered last time, and those that did not: they wait in a lane of their
# own, where they take no place of the others.
FAST: Final = "webhooks"
SLOW: Final = "webhooks_slow"
# Longer than any call lasts.
MARGIN: Final = timedelta(seconds=15)
PATIENCE: Final = timedelta(days=5)
GONE: Final = 410
BODY_KEPT: Final = 8 * 1024
JUDGED: Final = (
    "state",
    "tries",
    "next_try_at",
    "sending_until",
    "first_try_ok",
    "last_status",
    "last_failure",
    "last_milliseconds",
)


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours to send: where, and what exactly."""

    endpoint_id: Any
    delivery_id: Any
    url: str
    headers: dict[str, str]
    body: bytes
    started_at: datetime


@job(queue=FAST)
async def try_next(*, endpoint_id: str, slow: bool = False) -> None:
    """Send an endpoint its next due delivery, if there is one and a place for it."""
    claimed = await sync_to_async(claim)(endpoint_id, slow=slow)
    if claimed is not None:
        answer = await call(claimed.url, claimed.headers, claimed.body)
        await sync_to_async(note)(claimed, answer)


def wake(endpoint: Endpoint, *, at: datetime | None = None, places: int = 1) -> None:
    """Enqueue tries of an endpoint, in the lane that it is in.

    One job each is enough for any number of deliveries: each enqueues the next.
    """
    slow = endpoint.failing_since is not None
    lane = SLOW if slow else FAST
    told = {"endpoint_id": str(endpoint.pk), "slow": slow}
    # What a try leads to nobody did: the job carries no person.
    with no_context(), tenant(endpoint.organization_id):
        for _place in range(min(places, endpoint.at_once)):
            enqueue(try_next, at=at, queue=lane, **told)


@transaction.atomic
def claim(endpoint_id: str, *, slow: bool) -> Claimed | None:
    """Take the delivery that has waited longest, unless enough are under way."""
    endpoint = locked(endpoint_id)
    if endpoint is None or not endpoint.is_open:
        return None
    if endpoint.failing_since and not slow:
        wake(endpoint)
        return None
    now = timezone.now()
    rows = Delivery.objects.filter(endpoint_id=endpoint.pk)
    if rows.filter(in_flight(now)).count() >= endpoint.at_once:
        # Whoever is at them enqueues the next.
        return None
    delivery = rows.filter(due(now)).order_by("next_try_at", "pk").first()
    if delivery is None:
        return None
    delivery.sending_until = now + lease()
    delivery.save(update_fields=["sending_until"])
    try:
        return prepared(endpoint, delivery, now)
    except InvalidToken:
        disable(endpoint, Reason.KEYLESS)
        return None


def lease() -> timedelta:
    """Return for how long a claim holds."""
    return timedelta(seconds=settings.WEBHOOK_DEADLINE_SECONDS) + MARGIN


def locked(endpoint_id: Any) -> Endpoint | None:
    """Return an endpoint, removed or not, that nobody else changes meanwhile."""
    rows = Endpoint.with_trash.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=endpoint_id).first()


def prepared(endpoint: Endpoint, delivery: Delivery, now: datetime) -> Claimed:
    body, request_id = body_of(delivery)
    headers = headers_of(endpoint, delivery.event_id, body, now, request_id)
    return Claimed(endpoint.pk, delivery.pk, endpoint.url, headers, body, now)


@transaction.atomic
def note(claimed: Claimed, answer: Answer) -> None:
    """Keep what came of a try, and see to the next."""
    endpoint = locked(claimed.endpoint_id)
    rows = Delivery.objects.select_for_update(of=("self",))
    delivery = rows.filter(pk=claimed.delivery_id).first()
    if endpoint is None or delivery is None:
        return
    keep_attempt(claimed, answer)
    # Somebody else may have delivered it meanwhile, or stopped it.
    was_failing = endpoint.failing_since is not None
    if delivery.state == State.PENDING:
        judge(endpoint, delivery, answer)
    if endpoint.is_open:
        go_on(endpoint, delivery, was_failing=was_failing)


def keep_attempt(claimed: Claimed, answer: Answer) -> None:
    headers = {plain(name): plain(text) for name, text in answer.headers.items()}
    Attempt.objects.create(
        delivery_id=claimed.delivery_id,
        started_at=claimed.started_at,
        request_headers=claimed.headers,
        status=answer.status,
        response_headers=headers,
        response_body=readable(answer.body[:BODY_KEPT]),
        milliseconds=answer.milliseconds,
        failure=answer.failure,
        detail=plain(answer.detail),
    )


def plain(text: str) -> str:
    """Return a text as the database takes it; bytes that were no letters are marked."""
    return readable(text.encode(errors="replace"))


def readable(body: bytes) -> str:
    return body.decode(errors="replace").replace("\0", "\ufffd")


def judge(endpoint: Endpoint, delivery: Delivery, answer: Answer) -> None:
    """Write the outcome of a try on its delivery and its endpoint."""
    delivery.tries += 1
    delivery.sending_until = delivery.next_try_at = None
    if delivery.first_try_ok is None:
        delivery.first_try_ok = answer.is_success
    delivery.last_status = answer.status
    delivery.last_failure = answer.failure
    delivery.last_milliseconds = answer.milliseconds
    if answer.is_success:
        succeed(endpoint, delivery)
    else:
        fail(endpoint, delivery, answer)
    delivery.save(update_fields=JUDGED)


def succeed(endpoint: Endpoint, delivery: Delivery) -> None:
    delivery.state = State.DELIVERED
    if endpoint.failing_since is not None:
        endpoint.failing_since = None
        endpoint.save(update_fields=["failing_since"])


def fail(endpoint: Endpoint, delivery: Delivery, answer: Answer) -> None:
    """Choose the next try, or give up: the delivery, or the endpoint."""
    now = timezone.now()
    if endpoint.failing_since is None:
        endpoint.failing_since = now
        endpoint.save(update_fields=["failing_since"])
    asked = retry_after(answer.status, answer.headers)
    wait = wait_after(delivery.tries, asked)
    if answer.status == GONE:
        wait = None
        disable(endpoint, Reason.GONE)
    elif endpoint.failing_since <= now - PATIENCE:
        wait = None
        disable(endpoint, Reason.FAILING)
    if wait is None:
        delivery.state = State.FAILED
    else:
        delivery.next_try_at = now + wait


def disable(endpoint: Endpoint, reason: Reason) -> None:
    """Stop sending to an endpoint, and tell whoever may mend it; once."""
    if endpoint.disabled_at is not None or endpoint.deleted_at is not None:
        return
    endpoint.disabled_at, endpoint.disabled_for = timezone.now(), reason
    endpoint.save(update_fields=["disabled_at", "disabled_for"])
    waiting = Delivery.objects.filter(endpoint_id=endpoint.pk, state=State.PENDING)
    waiting.update(
        state=State.FAILED,
        next_try_at=None,
        sending_until=None,
        last_failure=Failure.STOPPED,
    )
    record("webhook.disabled", endpoint, after={"reason": str(reason)})
    tell_disabled(endpoint)


def go_on(endpoint: Endpoint, delivery: Delivery, *, was_failing: bool) -> None:
    """Enqueue the delivery's next try, and the next of the endpoint's others."""
    if delivery.next_try_at is not None:
        wake(endpoint, at=delivery.next_try_at)
    others = Delivery.objects.filter(endpoint_id=endpoint.pk).exclude(pk=delivery.pk)
    if others.filter(due(timezone.now())).exists():
        # What has gathered while it failed is sent several at once again.
        wake(endpoint, places=endpoint.at_once if was_failing else 1)


def wake_waiting(endpoint: Endpoint) -> None:
    """Enqueue tries of an endpoint for as much as is due."""
    rows = Delivery.objects.filter(endpoint_id=endpoint.pk)
    places = rows.filter(due(timezone.now()))[: endpoint.at_once].count()
    wake(endpoint, places=places)
