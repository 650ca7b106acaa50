"""The OpenAPI document of the API: what the library knows of each endpoint, and what
all answers have in common, which it does not know."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from config.api import api
from config.routes import every_route
from organizations.api.idempotency import LONGEST
from organizations.api.problems import MEDIA_TYPE

PREFIX: Final = "/api/v1/"
PROBLEM: Final = {"$ref": "#/components/schemas/ProblemBody"}
SECURITY: Final = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ins_…",
        "description": "An API key of your organization.",
    }
}
WORDS: Final = {"type": "string"}
# Sent with every answer to a key; those with an ETag can be asked for on conditions.
HEADERS: Final = {
    "X-Request-ID": ("Names the request to our support.", WORDS),
    "RateLimit-Policy": ("What the plan allows each key: q in w seconds.", WORDS),
    "RateLimit": ("What is left, and the seconds until it is all there again.", WORDS),
}
ETAG: Final = {"ETag": ("Changes with what is answered.", WORDS)}
WAIT: Final = {"Retry-After": ("Seconds to wait.", {"type": "integer"})}
BODIES: Final = ("post", "put", "patch")
SAFE: Final = ("get", "head")


@cache
def schema() -> dict[str, Any]:
    """Return the document, made once a process."""
    made = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    made["components"]["securitySchemes"] = SECURITY
    made["tags"] = [{"name": name} for name in tags(made)]
    abilities = abilities_of_operations()
    read = {path for path, methods in made["paths"].items() if "get" in methods}
    for path, method, operation in operations(made):
        operation["security"] = [{"key": []}]
        operation["x-ability"] = abilities.get(operation["operationId"], "")
        common = common_parameters(method, is_read=path in read)
        operation.setdefault("parameters", []).extend(common)
        operation["responses"] = dict(responses(method, operation))
    return dict(made)


@cache
def schema_text() -> bytes:
    return json.dumps(schema(), ensure_ascii=False).encode()


def operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each operation of a document with its path and method."""
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def tags(made: dict[str, Any]) -> list[str]:
    found = [tag for *_, one in operations(made) for tag in one.get("tags", [])]
    return list(dict.fromkeys(found))


def abilities_of_operations() -> dict[str, str]:
    """Return the ability that each operation asks of a key, by its id."""
    return {
        route.name.partition(":")[2]: next(iter(route.access.values()), "")
        for route in every_route()
        if route.by_key
    }


def common_parameters(method: str, *, is_read: bool) -> Iterator[dict[str, Any]]:
    """Yield the headers that requests of a method may have; `is_read` is an address
    that answers with the state that a condition can name."""
    if method in SAFE:
        words = "The ETag of what is known already; 304 when it is still so."
        yield header("If-None-Match", words, WORDS)
    elif method == "post":
        words = "A name for this request: sent again with it, it happens once."
        named = {"type": "string", "maxLength": LONGEST, "pattern": "^[ -~]+$"}
        yield header("Idempotency-Key", words, named)
    elif is_read:
        words = "The ETag of what was read; 412 when it has changed meanwhile."
        yield header("If-Match", words, WORDS)


def header(name: str, words: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "description": words,
        "required": False,
        "schema": kind,
    }


def responses(
    method: str, operation: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answers of an operation with their headers; refusals are problems."""
    for status, answer in sorted(operation["responses"].items()):
        if not belongs(method, status, operation):
            continue
        if status < "400":
            yield status, answer | {"headers": described(HEADERS | ETAG)}
        else:
            yield status, refusal(status, answer["description"])
        if status == "200" and method in SAFE:
            known = {"description": "Not Modified"}
            yield "304", known | {"headers": described(HEADERS | ETAG)}
    if method in BODIES:
        yield "413", refusal("413", "Content Too Large")


def belongs(method: str, status: str, operation: dict[str, Any]) -> bool:
    """Whether an operation can answer so: a look needs no body and changes nothing."""
    if status == "409":
        return method not in SAFE
    if status == "412":
        return any(one["name"] == "If-Match" for one in operation["parameters"])
    if status == "415":
        return "requestBody" in operation
    return True


def refusal(status: str, words: str) -> dict[str, Any]:
    """Return the answer that refuses something."""
    told = HEADERS if status != "429" else HEADERS | WAIT
    content = {MEDIA_TYPE: {"schema": PROBLEM}}
    return {"description": words, "headers": described(told), "content": content}


def described(headers: dict[str, Any]) -> dict[str, Any]:
    # A key that is not known is counted by nobody, so few are always there.
    return {
        name: {"description": words, "schema": kind, "required": name == "X-Request-ID"}
        for name, (words, kind) in headers.items()
    }
