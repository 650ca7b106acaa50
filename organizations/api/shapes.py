"""What every answer and every body has in common."""

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from organizations.api.problems import Problem
from organizations.paging import Place, place_at

Item = TypeVar("Item")
MEDIA_TYPE: Final = "application/json"
MOST_ITEMS: Final = 100
ITEMS: Final = 50


class Body(Schema):
    """What a request brings; a field that is not known is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ProblemBody(Schema):
    """What is refused and why, as RFC 9457 says; `code` never changes its meaning."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
    request_id: str


class Page(Schema, Generic[Item]):
    """Some of a list; `next` is the cursor of what follows, null behind the last."""

    items: list[Item]
    next: str | None = None


class PageQuery(Body):
    """Where a page begins, and how long it is."""

    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(ITEMS, ge=1, le=MOST_ITEMS)


def cursor_of(place: Place | None) -> str | None:
    """Return a place of a list as an opaque text."""
    if place is None:
        return None
    text = json.dumps([place.before.isoformat(), str(place.before_id)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> Place | None:
    """Return the place that a cursor names; Problem when it is none of ours."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        moment, key = json.loads(text)
        place = place_at(datetime.fromisoformat(moment), UUID(key))
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise Problem("cursor_invalid") from error
    if place is None:
        raise Problem("cursor_invalid")
    return place


def id_of(cursor: str | None) -> UUID | None:
    """Return the id that a cursor names; Problem when it is none of ours."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError as error:
        raise Problem("cursor_invalid") from error


def etag_of(data: bytes) -> str:
    """Return the strong validator of what is answered."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def written(shape: BaseModel) -> bytes:
    """Return a shape as JSON."""
    return shape.model_dump_json(by_alias=True).encode()


def shown(request: HttpRequest, shape: BaseModel, status: int = 200) -> HttpResponse:
    """Answer with a shape and its ETag; 304 to whoever has it already."""
    return sent(request, written(shape), status)


def sent(request: HttpRequest, data: bytes, status: int = 200) -> HttpResponse:
    """Answer with JSON that is written already, and its ETag."""
    tag = etag_of(data)
    asked = request.headers.get("If-None-Match", "")
    if request.method in ("GET", "HEAD") and matches(asked, tag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(data, status=status, content_type=MEDIA_TYPE)
    response.headers["ETag"] = tag
    return response


def refuse_changed(request: HttpRequest, shape: BaseModel) -> None:
    """Raise a Problem when If-Match names another state than the present one.

    To be asked with the row locked, before it is changed.
    """
    asked = request.headers.get("If-Match", "")
    if asked and not matches(asked, etag_of(written(shape))):
        raise Problem("changed_meanwhile")


def matches(asked: str, tag: str) -> bool:
    """Return whether a header of validators names one; a weak one counts as well."""
    named = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return bool(asked) and (tag in named or "*" in named)


PROBLEMS: Final[dict[Any, Any]] = dict.fromkeys(
    (400, 401, 402, 403, 404, 409, 412, 415, 422, 429), ProblemBody
)


def created(request: HttpRequest, shape: Any) -> HttpResponse:
    """Answer with something new and where it is."""
    response = shown(request, shape, 201)
    response.headers["Location"] = f"{request.path.rstrip('/')}/{shape.id}"
    return response


def nothing() -> HttpResponse:
    """Answer that it is done, and that nothing is left to be told."""
    return HttpResponse(status=204)
