"""The reference page's content, read from the OpenAPI document."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from config.reference.openapi import schema
from organizations.api.problems import CODES

MOST_EXAMPLES: Final = 3
CODE: Final = re.compile(r"`([^`]+)`")


class Field(NamedTuple):
    """One parameter or one field of a body: what it is called, holds and means."""

    name: str
    kind: str
    is_required: bool
    words: str
    where: str = ""


class Endpoint(NamedTuple):
    """One operation, as the page tells it."""

    id: str
    title: str
    method: str
    path: str
    ability: str
    words: list[SafeString]
    parameters: list[Field]
    body: list[Field]
    answers: list[Field]
    codes: list[tuple[str, str]]
    example: str


class Group(NamedTuple):
    """The operations of one tag."""

    name: str
    endpoints: list[Endpoint]

    @property
    def anchor(self) -> str:
        return self.name.lower().replace(" ", "-")


@cache
def groups() -> list[Group]:
    """Return all operations, tag by tag."""
    made = schema()
    found: dict[str, list[Endpoint]] = {tag["name"]: [] for tag in made["tags"]}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            tag = next(iter(operation.get("tags", [])))
            found[tag].append(endpoint(path, method, operation))
    return [Group(name, endpoints) for name, endpoints in found.items()]


@cache
def codes() -> list[tuple[str, int, str]]:
    """Return each code of a problem with its status and title."""
    return [(code, status, title) for code, (status, title) in CODES.items()]


def endpoint(path: str, method: str, operation: dict[str, Any]) -> Endpoint:
    words = operation.get("description", "").split("\n\n")
    body = body_of(operation)
    answers = operation["responses"]
    good: dict[str, Any] = next(
        (one for status, one in answers.items() if status < "300"), {}
    )
    return Endpoint(
        id=operation["operationId"],
        title=operation["operationId"].replace("_", " ").capitalize(),
        method=method.upper(),
        path=path,
        ability=operation["x-ability"],
        words=[marked(each) for each in words if each.strip()],
        parameters=[parameter(one) for one in operation["parameters"]],
        body=list(fields(body)),
        answers=list(fields(content_of(good))),
        codes=[(status, one["description"]) for status, one in answers.items()],
        example=example(path, method, body),
    )


def marked(words: str) -> SafeString:
    """Return a paragraph with `code` as code."""
    text = escape(" ".join(words.split()))
    # Escaped above: what is marked here are our own docstrings.
    return mark_safe(CODE.sub(r"<code>\1</code>", text))  # noqa: S308


def parameter(one: dict[str, Any]) -> Field:
    kind, words = kind_of(one["schema"]), one.get("description", "")
    return Field(one["name"], kind, one.get("required", False), words, one["in"])


def body_of(operation: dict[str, Any]) -> dict[str, Any]:
    return content_of(operation.get("requestBody", {}))


def content_of(part: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a body or an answer; empty where it has none."""
    for kind in part.get("content", {}).values():
        return resolved(kind.get("schema", {}))
    return {}


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference stands for."""
    name = shape.get("$ref", "").rpartition("/")[2]
    return schema()["components"]["schemas"][name] if name else shape


def fields(shape: dict[str, Any]) -> Iterator[Field]:
    needed = shape.get("required", [])
    for name, inner in shape.get("properties", {}).items():
        words = inner.get("description", "")
        yield Field(name, kind_of(inner), name in needed, words)


def kind_of(shape: dict[str, Any]) -> str:
    """Return in words what a value is: "string, at most 80", "array of Event"."""
    if "$ref" in shape:
        target = resolved(shape)
        name = shape["$ref"].rpartition("/")[2]
        return kind_of(target) if "enum" in target else name
    for several in ("anyOf", "oneOf", "allOf"):
        if several in shape:
            return " or ".join(dict.fromkeys(map(kind_of, shape[several])))
    if "enum" in shape:
        return " or ".join(json.dumps(one) for one in shape["enum"])
    if shape.get("type") == "array":
        return f"array of {kind_of(shape.get('items', {}))}"
    kind = shape.get("format") or shape.get("type") or "anything"
    return ", ".join([str(kind), *bounds(shape)])


def bounds(shape: dict[str, Any]) -> Iterator[str]:
    for key, words in (
        ("minLength", "at least"),
        ("minimum", "at least"),
        ("maxLength", "at most"),
        ("maximum", "at most"),
    ):
        # What only says that a number fits is nobody's concern.
        if shape.get(key) and abs(shape[key]) < 2**31:
            yield f"{words} {shape[key]}"


def example(path: str, method: str, body: dict[str, Any]) -> str:
    """Return a call of an operation with curl."""
    address = settings.BASE_URL.rstrip("/") + path
    lines = [f"curl {address}"]
    if method != "get":
        lines[0] = f"curl -X {method.upper()} {address}"
    lines.append('  -H "Authorization: Bearer $INSULA_KEY"')
    if method == "post":
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if body:
        lines.append('  -H "Content-Type: application/json"')
        lines.append(f"  -d '{json.dumps(sample(body))}'")
    return " \\\n".join(lines)


def sample(shape: dict[str, Any]) -> Any:
    """Return a value of a shape: what must be there, or a few of what may."""
    shape = resolved(shape)
    if "anyOf" in shape:
        return sample(shape["anyOf"][0])
    if "enum" in shape:
        return shape["enum"][0]
    known = shape.get("properties", {})
    if known:
        wanted = shape.get("required") or list(known)[:MOST_EXAMPLES]
        return {name: sample(known[name]) for name in wanted if name in known}
    if shape.get("type") == "array":
        return [sample(shape.get("items", {}))]
    return SAMPLES.get(shape.get("format") or shape.get("type", ""), "Text")


SAMPLES: Final[dict[str, Any]] = {
    "integer": 3,
    "number": 3,
    "boolean": True,
    "object": {},
    "date": "2027-03-01",
    "date-time": "2027-03-01T09:00:00Z",
    "uuid": "01a1fb63-c118-76a7-8279-952e6f9b68a8",
    "email": "ada@example.com",
}
