"""Webhooks of the stories: endpoints, and a log as it looks after some days."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from config.seeds.canaries import Marked
from organizations.audit.models import AuditEntry
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from organizations.webhooks.flows import create_endpoint, send_test
from organizations.webhooks.models import (
    Attempt,
    Delivery,
    Endpoint,
    Failure,
    Reason,
    State,
)
from organizations.webhooks.signing import AGENT

SHOP: Final = ["task.*", "comment.*", "member.added"]
# How long answers took, one after the other.
TOOK: Final = (142, 97, 310, 121, 88, 204, 176, 133)
# Every so many needed a second try, and the newest are still tried.
BAD_EVERY, STILL_TRIED = 17, 2
BETWEEN: Final = timedelta(minutes=97)


def add_hooks(*, by: Any) -> None:
    """Make an endpoint with a log, and one that wants nothing any more."""
    shop, _secret = create_endpoint(
        url="https://shop.acme.example/hooks/insula",
        description="Shop backend",
        events=SHOP,
        by=by,
    )
    log(shop)
    gone, _secret = create_endpoint(
        url="https://ledger.acme.example/insula", description="Old ledger", by=by
    )
    Endpoint.objects.filter(pk=gone.pk).update(
        disabled_at=timezone.now() - timedelta(days=2), disabled_for=Reason.GONE
    )


def log(endpoint: Endpoint) -> None:
    """Tell the endpoint of what the story has recorded so far, day by day."""
    entries = [
        e for e in AuditEntry.objects.order_by("-sequence") if endpoint.wants(e.action)
    ]
    rows, tries = [], []
    for number, entry in enumerate(entries[:90]):
        made = timezone.now() - timedelta(minutes=6) - number * BETWEEN
        row, attempts = told(endpoint, entry, number, made)
        rows.append(row)
        tries += attempts
    Delivery.objects.bulk_create(rows)
    Attempt.objects.bulk_create(tries)


def told(
    endpoint: Endpoint, entry: AuditEntry, number: int, made: Any
) -> tuple[Delivery, list[Attempt]]:
    """Return one delivery of the log and its tries."""
    is_bad = number % BAD_EVERY == STILL_TRIED
    took, waits = TOOK[number % len(TOOK)], is_bad and number == STILL_TRIED
    row = Delivery(
        endpoint=endpoint,
        event_id=entry.pk,
        event_type=entry.action,
        state=State.PENDING if waits else State.DELIVERED,
        next_try_at=timezone.now() + timedelta(hours=2) if waits else None,
        tries=1 + is_bad,
        first_try_ok=not is_bad,
        last_status=503 if waits else 200,
        last_failure=Failure.STATUS if waits else "",
        last_milliseconds=took,
        created_at=made,
    )
    statuses = [503] * is_bad + [503 if waits else 200]
    return row, [
        attempt(row, status, made + timedelta(seconds=7 * place), took)
        for place, status in enumerate(statuses)
    ]


def attempt(delivery: Delivery, status: int, moment: Any, took: int) -> Attempt:
    headers = {
        "content-type": "application/json",
        "user-agent": AGENT,
        "webhook-id": str(delivery.event_id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": "v1,8Jx0vKm2rWn5cYb1dQe7tLs4uZa9pGf6hRi3oXk=",
    }
    return Attempt(
        delivery=delivery,
        started_at=moment,
        request_headers=headers,
        status=status,
        response_headers={"content-type": "text/plain", "server": "nginx"},
        response_body="ok" if status == 200 else "upstream connect error",
        milliseconds=took,
        failure="" if status == 200 else Failure.STATUS,
    )


def add_marked_hook(each: Marked) -> None:
    """Make an endpoint of the isolation story, and one try that was answered."""
    owner: Any = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        endpoint, _secret = create_endpoint(
            url=f"https://{each.mark('hook').lower()}.example/",
            description=each.mark("purpose"),
            by=owner,
        )
        # Locked they say nothing of whose they are.
        marked = {"secret": each.mark("locked"), "former_secret": each.mark("former")}
        Endpoint.objects.filter(pk=endpoint.pk).update(**marked)
        delivery = send_test(endpoint=endpoint, by=owner)
        Attempt.objects.create(
            id=uuid7(),
            delivery=delivery,
            started_at=timezone.now(),
            request_headers={"x-mark": each.mark("sent")},
            status=500,
            response_headers={"x-mark": each.mark("header")},
            response_body=each.mark("answered"),
            milliseconds=100,
            failure=Failure.STATUS,
            detail=each.mark("detail"),
        )
