"""The account, its webhook endpoints, and the events they are told."""

from typing import Final

from billing.fakestripe import events
from billing.fakestripe.endpoints import PAGING, endpoint, page, within
from billing.fakestripe.errors import invalid, missing
from billing.fakestripe.params import Times, Words
from billing.fakestripe.shapes import ACCOUNT
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import hidden, new, new_id, with_values, with_words

ENDPOINT: Final = {
    "description": str,
    "enabled_events": [str],
    "metadata": Words,
    "url": str,
}


@endpoint("GET", "/v1/account")
def retrieve_account(books: Books, params: Thing) -> Thing:
    return ACCOUNT


@endpoint("GET", "/v1/accounts/{account}")
def retrieve_account_by_id(books: Books, params: Thing, key: str) -> Thing:
    if key != ACCOUNT["id"]:
        raise missing("account", key)
    return ACCOUNT


@endpoint(
    "POST",
    "/v1/webhook_endpoints",
    {**ENDPOINT, "api_version": str},
    required=("enabled_events", "url"),
)
def create_webhook_endpoint(books: Books, params: Thing) -> Thing:
    check_address(params["url"])
    one = new(
        books,
        "webhook_endpoint",
        "we",
        api_version=params.get("api_version"),
        application=None,
        description=params.get("description"),
        enabled_events=params["enabled_events"],
        status="enabled",
        url=params["url"],
    )
    with_words(one, params.get("metadata"))
    secret = new_id("whsec", 32)
    hidden(one)["secret"] = secret
    books.put(one)
    # Told once, when it is made, and never again.
    return {**one, "secret": secret}


def check_address(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise invalid("Invalid URL: An explicit scheme must be provided.", "url")


@endpoint(
    "POST", "/v1/webhook_endpoints/{webhook_endpoint}", {**ENDPOINT, "disabled": bool}
)
def update_webhook_endpoint(books: Books, params: Thing, key: str) -> Thing:
    one = books.need("webhook_endpoint", key)
    check_address(params.get("url") or one["url"])
    with_values(one, params, "description", "enabled_events", "url")
    with_words(one, params.get("metadata"))
    if "disabled" in params:
        one["status"] = "disabled" if params["disabled"] else "enabled"
    return books.put(one)


@endpoint("GET", "/v1/webhook_endpoints/{webhook_endpoint}")
def retrieve_webhook_endpoint(books: Books, params: Thing, key: str) -> Thing:
    return books.need("webhook_endpoint", key)


@endpoint("GET", "/v1/webhook_endpoints", PAGING)
def list_webhook_endpoints(books: Books, params: Thing) -> Thing:
    return page("/v1/webhook_endpoints", books.every("webhook_endpoint"), params)


@endpoint("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}")
def delete_webhook_endpoint(books: Books, params: Thing, key: str) -> Thing:
    books.need("webhook_endpoint", key)
    books.connection.execute("DELETE FROM objects WHERE id = ?", (key,))
    return {"id": key, "object": "webhook_endpoint", "deleted": True}


@endpoint("GET", "/v1/events/{id}")
def retrieve_event(books: Books, params: Thing, key: str) -> Thing:
    for event in events.told(books):
        if event["id"] == key:
            return event
    raise missing("event", key)


@endpoint(
    "GET",
    "/v1/events",
    {**PAGING, "created": Times, "type": str, "types": [str]},
)
def list_events(books: Books, params: Thing) -> Thing:
    kinds = params.get("types") or [params.get("type")]
    found = [
        event
        for event in reversed(events.told(books))
        if kinds == [None] or any(matches(event["type"], kind) for kind in kinds)
    ]
    asked = params.get("created")
    return page("/v1/events", [e for e in found if within(e["created"], asked)], params)


def matches(kind: str, asked: str) -> bool:
    """Tell whether a type is the one asked for; a star stands for anything."""
    return asked in {"*", kind} or (
        asked.endswith(".*") and kind.startswith(asked[:-1])
    )


def secret_for(books: Books, event: Thing, otherwise: str) -> str | None:
    """Return what an event is signed with, or None where nobody wants it."""
    every = books.every("webhook_endpoint")
    for one in every:
        wants = any(matches(event["type"], kind) for kind in one["enabled_events"])
        if one["status"] == "enabled" and wants:
            return str(hidden(one)["secret"])
    return None if every else otherwise
