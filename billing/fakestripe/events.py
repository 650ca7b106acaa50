"""Each change leaves an event; a signature says that it is ours."""

import hashlib
import hmac
import json
from typing import Any, Final

from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import new_id, shown

API_VERSION: Final = "2026-05-27.dahlia"
# An event that is refused this often is not offered again.
TRIES: Final = 12


def emit(books: Books, kind: str, thing: Thing, before: Thing | None = None) -> Thing:
    """Write an event with the object as it is now, and what it was where it changed."""
    data: Thing = {"object": shown(thing)}
    if before is not None:
        data["previous_attributes"] = differences(shown(before), data["object"])
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": books.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": books.request,
        "type": kind,
    }
    statement = "INSERT INTO events (id, body) VALUES (?, ?)"
    books.connection.execute(statement, (event["id"], json.dumps(event)))
    return event


def differences(before: Thing, now: Thing) -> Thing:
    """Return what changed, as it was; lists are told whole."""
    found: Thing = {}
    for name in before.keys() | now.keys():
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        both = isinstance(old, dict) and isinstance(new, dict)
        found[name] = differences(old or {}, new or {}) if both else old
    return found


def change(books: Books, kind: str, thing: Thing) -> Thing:
    """Write a thing and, where it differs from what is written, the event of it."""
    before = books.find(thing["id"])
    books.put(thing)
    if before is not None and shown(before) != shown(thing):
        emit(books, kind, thing, before)
    return thing


def add(books: Books, kind: str, thing: Thing) -> Thing:
    """Write a new thing and the event of it."""
    emit(books, kind, books.put(thing))
    return thing


def told(books: Books) -> list[Thing]:
    """Return all events in the order they happened."""
    rows = books.connection.execute("SELECT body FROM events ORDER BY seq")
    return [json.loads(body) for (body,) in rows]


def waiting(books: Books) -> list[Thing]:
    """Return the events nobody has taken yet, and that are still worth a try."""
    rows = books.connection.execute(
        "SELECT body FROM events WHERE delivered = 0 AND tries < ? ORDER BY seq",
        (TRIES,),
    )
    return [json.loads(body) for (body,) in rows]


def refused(books: Books, event: Thing) -> None:
    """Count a try to hand an event over that failed."""
    statement = "UPDATE events SET tries = tries + 1 WHERE id = ?"
    books.connection.execute(statement, (event["id"],))


def delivered(books: Books, event: Thing) -> None:
    """Write that an event was taken."""
    event = {**event, "pending_webhooks": 0}
    books.connection.execute(
        "UPDATE events SET delivered = 1, body = ? WHERE id = ?",
        (json.dumps(event), event["id"]),
    )


def signed(event: Any, secret: str, at: int) -> tuple[bytes, str]:
    """Return an event's body and the header that proves where it is from."""
    body = json.dumps(event, indent=2).encode()
    proof = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256)
    return body, f"t={at},v1={proof.hexdigest()}"
