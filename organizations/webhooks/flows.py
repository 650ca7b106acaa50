"""Journeys of an endpoint: made, changed, tried out, stopped, and told again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from organizations.audit.recording import record
from organizations.limits.counting import claim, release
from organizations.limits.models import Key
from organizations.tenancy.models import uuid7
from organizations.webhooks.models import (
    ROTATION,
    TEST,
    Delivery,
    Endpoint,
    State,
    due,
    in_flight,
)
from organizations.webhooks.sealing import locked as sealed
from organizations.webhooks.sealing import new_secret
from organizations.webhooks.trying import locked, wake, wake_waiting


class NotOpen(Exception):
    """Nothing is sent to this endpoint now: it is paused, disabled or removed."""


@transaction.atomic
def create_endpoint(
    *, url: str, by: Any, description: str = "", events: list[str] | None = None
) -> tuple[Endpoint, str]:
    """Make an endpoint; return it with its secret, which nobody can read later.

    LimitReached when the plan has no room for it.
    """
    claim(Key.WEBHOOKS)
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        url=url,
        description=description,
        events=sorted(events or []),
        secret=sealed(secret),
        made_by_id=by.pk,
    )
    made: Any = record("webhook.created", endpoint, by=by, after=facts(endpoint))
    endpoint.starts_after = made.sequence
    endpoint.save(update_fields=["starts_after"])
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *, endpoint: Endpoint, by: Any, url: str, description: str, events: list[str]
) -> bool:
    """Change where it is and what it is told; False when it is so already."""
    kept = open_row(endpoint)
    if kept is None:
        return False
    was, before = kept.url, facts(kept)
    kept.url, kept.description, kept.events = url, description, sorted(events)
    if kept.url == was and facts(kept) == before:
        return False
    kept.save(update_fields=["url", "description", "events"])
    record("webhook.changed", kept, by=by, before=before, after=facts(kept))
    return True


@transaction.atomic
def roll_secret(*, endpoint: Endpoint, by: Any) -> str | None:
    """Give an endpoint a new secret and return it; the former one signs for a day
    longer. None when it was removed."""
    kept = open_row(endpoint)
    if kept is None:
        return None
    secret = new_secret()
    kept.former_secret, kept.former_until = kept.secret, timezone.now() + ROTATION
    kept.secret = sealed(secret)
    kept.save(update_fields=["secret", "former_secret", "former_until"])
    record("webhook.secret_rolled", kept, by=by)
    return secret


@transaction.atomic
def pause_endpoint(*, endpoint: Endpoint, by: Any) -> bool:
    """Hold what it would be told until it is resumed; False when nothing is sent."""
    kept = open_row(endpoint)
    if kept is None or not kept.is_open:
        return False
    kept.paused_at = timezone.now()
    kept.save(update_fields=["paused_at"])
    record("webhook.paused", kept, by=by)
    return True


@transaction.atomic
def resume_endpoint(*, endpoint: Endpoint, by: Any) -> bool:
    """Send to it again, paused or disabled; False when that is done already."""
    kept = open_row(endpoint)
    if kept is None or kept.is_open:
        return False
    before = {"state": kept.state}
    kept.paused_at = kept.disabled_at = kept.failing_since = None
    kept.disabled_for = ""
    kept.save(
        update_fields=["paused_at", "disabled_at", "disabled_for", "failing_since"]
    )
    record("webhook.resumed", kept, by=by, before=before)
    wake_waiting(kept)
    return True


@transaction.atomic
def remove_endpoint(*, endpoint: Endpoint, by: Any) -> bool:
    """Remove an endpoint and its secrets; its log stays for its thirty days. False
    when it is gone already."""
    kept = open_row(endpoint)
    if kept is None:
        return False
    kept.deleted_at = timezone.now()
    kept.secret = kept.former_secret = ""
    kept.save(update_fields=["deleted_at", "secret", "former_secret"])
    waiting = Delivery.objects.filter(endpoint_id=kept.pk, state=State.PENDING)
    waiting.update(state=State.FAILED, next_try_at=None, sending_until=None)
    release(Key.WEBHOOKS)
    record("webhook.removed", kept, by=by, before=facts(kept))
    return True


@transaction.atomic
def send_test(*, endpoint: Endpoint, by: Any) -> Delivery:
    """Send an endpoint an event that tells of nothing; NotOpen when it gets none."""
    kept = required(endpoint)
    delivery = Delivery.objects.create(
        endpoint_id=kept.pk,
        event_id=uuid7(),
        event_type=TEST,
        next_try_at=timezone.now(),
    )
    record("webhook.tested", kept, by=by, after={"event": str(delivery.event_id)})
    wake(kept)
    return delivery


@transaction.atomic
def replay(*, delivery: Delivery, by: Any) -> bool:
    """Send a delivery once more, from its first try; False when it is due already."""
    kept, now = required(delivery.endpoint), timezone.now()
    rows = Delivery.objects.filter(pk=delivery.pk)
    if not begin_again(rows.exclude(due(now)).exclude(in_flight(now))):
        return False
    after = {"event": str(delivery.event_id), "type": delivery.event_type}
    record("webhook.replayed", kept, by=by, after=after)
    wake(kept)
    return True


@transaction.atomic
def replay_failed(*, endpoint: Endpoint, since: datetime, by: Any) -> int:
    """Send everything once more that failed since a moment; return how much that is."""
    kept = required(endpoint)
    rows = Delivery.objects.filter(endpoint_id=kept.pk, state=State.FAILED)
    count = begin_again(rows.filter(created_at__gte=since))
    if count:
        after = {"since": since.isoformat(), "deliveries": count}
        record("webhook.replayed", kept, by=by, after=after)
        wake(kept, places=count)
    return count


def begin_again(rows: Any) -> int:
    changed: int = rows.update(
        state=State.PENDING, next_try_at=timezone.now(), sending_until=None, tries=0
    )
    return changed


def open_row(endpoint: Endpoint) -> Endpoint | None:
    """Return the endpoint as it is now, locked; None when it was removed."""
    kept = locked(endpoint.pk)
    return None if kept is None or kept.deleted_at else kept


def required(endpoint: Endpoint) -> Endpoint:
    kept = open_row(endpoint)
    if kept is None or not kept.is_open:
        raise NotOpen
    return kept


def facts(endpoint: Endpoint) -> dict[str, Any]:
    """Return what the log says of an endpoint; of its address, no query."""
    return {
        "url": endpoint.shown_url,
        "description": endpoint.description,
        "events": list(endpoint.events),
    }
