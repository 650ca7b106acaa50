"""The map of the API: which request is answered by what, and with which parameters."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from billing.fakestripe.errors import Refusal, invalid
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import listing

Answer = Callable[..., Thing]
PAGING: Final = {"limit": int, "starting_after": str, "ending_before": str}


@dataclass(frozen=True)
class Endpoint:
    """One address with a method, what it takes and what answers it."""

    method: str
    path: str
    accepts: Thing
    required: tuple[str, ...]
    answer: Answer

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """Return the ids in an address, or None where it is another's."""
        if method != self.method:
            return None
        pattern = re.sub(r"\{\w+\}", r"([^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return found.groups() if found else None


ENDPOINTS: Final[list[Endpoint]] = []


def endpoint(
    method: str, path: str, accepts: Thing | None = None, required: tuple[str, ...] = ()
) -> Callable[[Answer], Answer]:
    """Declare that a function answers an address."""
    # What is deleted is answered by its id, which leaves nothing to expand.
    more = {} if method == "DELETE" else {"expand": [str]}
    taken = {**(accepts or {}), **more}

    def declare(answer: Answer) -> Answer:
        ENDPOINTS.append(Endpoint(method, path, taken, required, answer))
        return answer

    return declare


def endpoint_of(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
    """Return what answers an address, with the ids in it."""
    for one in ENDPOINTS:
        ids = one.match(method, path)
        if ids is not None:
            return one, ids
    raise Refusal(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({method}: {path}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def check_required(one: Endpoint, params: Thing) -> None:
    for name in one.required:
        if params.get(name) is None:
            message = f"Missing required param: {name}."
            raise invalid(message, name, "parameter_missing")


def page(url: str, things: list[Thing], params: Thing) -> Thing:
    """Return a page of things, which come newest first."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid("Invalid limit: must be between 1 and 100", "limit")
    if params.get("starting_after"):
        things = things[position(things, params, "starting_after") + 1 :]
    if params.get("ending_before"):
        things = things[: position(things, params, "ending_before")]
        return listing(url, things[-limit:], has_more=len(things) > limit)
    return listing(url, things[:limit], has_more=len(things) > limit)


def position(things: list[Thing], params: Thing, param: str) -> int:
    """Return the place of the thing a page goes on from."""
    for place, thing in enumerate(things):
        if thing["id"] == params[param]:
            return place
    raise invalid(f"No such object: '{params[param]}'", param, "resource_missing")


def within(moment: int, asked: Any) -> bool:
    """Tell whether a moment is the one that was asked for, or within its limits."""
    if asked is None:
        return True
    if not isinstance(asked, dict):
        return bool(moment == asked)
    return asked.get("gt", moment - 1) < moment < asked.get(
        "lt", moment + 1
    ) and asked.get("gte", moment) <= moment <= asked.get("lte", moment)


# What an object holds only where somebody asks for it.
INCLUDED: Final[dict[tuple[str, str], Callable[[Books, Thing], Any]]] = {}


def included(kind: str, name: str) -> Callable[[Any], Any]:
    """Declare what an object's property is that is shown on request only."""

    def declare(answer: Any) -> Any:
        INCLUDED[kind, name] = answer
        return answer

    return declare


def expand(books: Books, thing: Any, path: str) -> None:
    """Put objects in the place of their ids along a path, in place."""
    if isinstance(thing, list):
        for one in thing:
            expand(books, one, path)
        return
    if not isinstance(thing, dict) or thing.get("deleted"):
        return
    name, _dot, rest = path.partition(".")
    offered = INCLUDED.get((thing.get("object", ""), name))
    if offered is not None and name not in thing:
        thing[name] = offered(books, thing)
    if name not in thing:
        raise invalid(f"This property cannot be expanded ({name}).", "expand")
    thing[name] = opened(books, thing[name])
    if rest:
        expand(books, thing[name], rest)


def opened(books: Books, value: Any) -> Any:
    """Return the objects of ids; what is none stays."""
    if isinstance(value, list):
        return [opened(books, one) for one in value]
    found = books.find(value) if isinstance(value, str) else None
    return value if found is None else found
