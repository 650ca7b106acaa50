"""What all of Stripe's objects share: ids, dates, lists, and what nobody is shown."""

import secrets
import string
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from billing.fakestripe.store import Books, Thing

LETTERS: Final = string.ascii_letters + string.digits
# What the double keeps beside an object and Stripe does not show.
HIDDEN: Final = "_double"


def new_id(prefix: str, length: int = 24) -> str:
    """Return an id nobody can guess."""
    return f"{prefix}_{''.join(secrets.choice(LETTERS) for _ in range(length))}"


def origin(address: str | None) -> str:
    """Return the server that people are on who come back to an address.

    A page of another name of it would not be let through by their browser's policy.
    """
    parts = urlsplit(address or settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def new(books: Books, kind: str, prefix: str, **values: Any) -> Thing:
    """Return an object that is not written yet."""
    return {
        "id": new_id(prefix),
        "object": kind,
        "created": books.now,
        "livemode": False,
        "metadata": {},
        **values,
    }


def with_words(thing: Thing, given: Any) -> None:
    """Merge metadata into an object's as Stripe does: empty words are taken out."""
    if given is None:
        return
    merged = {**(thing["metadata"] or {}), **given} if given else {}
    thing["metadata"] = {name: word for name, word in merged.items() if word != ""}


def with_values(thing: Thing, params: Thing, *names: str) -> None:
    """Take over the parameters that were sent."""
    thing.update({name: params[name] for name in names if name in params})


def hidden(thing: Thing) -> Thing:
    """Return what the double keeps beside an object, to be read and changed."""
    return thing.setdefault(HIDDEN, {})


def shown(thing: Any) -> Any:
    """Return an object as Stripe shows it."""
    if isinstance(thing, list):
        return [shown(one) for one in thing]
    if isinstance(thing, dict):
        return {name: shown(one) for name, one in thing.items() if name != HIDDEN}
    return thing


def listing(url: str, data: list[Thing], *, has_more: bool = False) -> Thing:
    """Return a list object."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
