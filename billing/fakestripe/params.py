"""Forms as Stripe takes them: brackets become structures, words become types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from billing.fakestripe.errors import invalid

PART: Final = re.compile(r"[^\[\]]+")


@dataclass(frozen=True)
class Choice:
    """A parameter that is one of a few words."""

    words: tuple[str, ...]

    def read(self, given: str, param: str) -> str:
        if given not in self.words:
            listed = ", ".join(self.words)
            raise invalid(f"Invalid {param}: must be one of {listed}", param)
        return given


@dataclass(frozen=True)
class Moment:
    """A parameter that is a time in seconds, or one of the words beside it."""

    words: tuple[str, ...] = ()

    def read(self, given: str, param: str) -> Any:
        return given if given in self.words else whole(given, param)


class Words:
    """A parameter that is a dictionary of words, such as metadata."""


class Times:
    """A parameter that is a moment, or limits that moments lie between."""

    BOUNDS: Final = {"gt": int, "gte": int, "lt": int, "lte": int}


def choice(*words: str) -> Choice:
    return Choice(words)


def parsed(url: str, body: Any) -> tuple[str, dict[str, Any]]:
    """Return a request's path and its parameters, still without types."""
    parts = urlsplit(url)
    text = body.decode() if isinstance(body, bytes) else body or ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts.path, nested([*pairs, *parse_qsl(text, keep_blank_values=True)])


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what `a[b][0][c]=d` means."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        *way, last = PART.findall(name)
        if name.endswith("[]"):
            way, last = [*way, last], ""
        place = found
        for step in way:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise invalid(f"Invalid {name}", name)
            place = inner
        place[last or str(len(place))] = value
    return found


def typed(given: Any, spec: Any, param: str = "") -> Any:
    """Return parameters with the types a specification gives them, or refuse them."""
    if spec is Words:
        return words(given, param)
    if spec is Times and isinstance(given, dict):
        return typed(given, Times.BOUNDS, param)
    if isinstance(spec, dict):
        return fields(given, spec, param)
    if isinstance(spec, list):
        return listed(given, spec[0], param)
    if isinstance(given, dict):
        raise invalid(f"Invalid string: {given}", param)
    return single(given, spec, param)


def words(given: Any, param: str) -> dict[str, str]:
    """Return metadata; the empty word clears it."""
    if given == "":
        return {}
    if not isinstance(given, dict) or any(isinstance(v, dict) for v in given.values()):
        raise invalid("Invalid object", param)
    return given


def fields(given: Any, spec: dict[str, Any], param: str) -> Any:
    """Return a structure; what it does not know is refused."""
    if given == "":
        return None
    if not isinstance(given, dict):
        raise invalid("Invalid object", param)
    for name in given:
        if name not in spec:
            unknown = f"{param}[{name}]" if param else name
            raise invalid(
                f"Received unknown parameter: {unknown}", unknown, "parameter_unknown"
            )
    return {
        name: typed(value, spec[name], f"{param}[{name}]" if param else name)
        for name, value in given.items()
    }


def listed(given: Any, spec: Any, param: str) -> list[Any]:
    """Return a list, in the order of its numbers."""
    if given == "":
        return []
    if not isinstance(given, dict) or not all(key.isdigit() for key in given):
        raise invalid("Invalid array", param)
    ordered = sorted(given.items(), key=lambda pair: int(pair[0]))
    return [typed(value, spec, f"{param}[{key}]") for key, value in ordered]


def single(given: str, spec: Any, param: str) -> Any:
    """Return one value; the empty word takes away what was there."""
    if given == "":
        return None
    if spec is bool:
        return flag(given, param)
    if spec is int or spec is Times:
        return whole(given, param)
    if isinstance(spec, Choice | Moment):
        return spec.read(given, param)
    return given


def flag(given: str, param: str) -> bool:
    if given not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {given}", param)
    return given == "true"


def whole(given: str, param: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", given):
        raise invalid(f"Invalid integer: {given}", param, "parameter_invalid_integer")
    return int(given)
