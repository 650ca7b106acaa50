"""Events for other programs: what happened, from any place on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from organizations.api.scopes import Scope
from organizations.api.shapes import PROBLEMS, Body, shown
from organizations.audit.models import AuditEntry
from organizations.events.shapes import shaped

router = Router(tags=["Events"])


class EventQuery(Body):
    """From where on, and of which type."""

    after: int = Field(0, ge=0, le=2**62, description="The sequence of the last one.")
    type: str | None = Field(None, max_length=80, description="Only of this type.")
    limit: int = Field(100, ge=1, le=500)


class Event(Schema):
    """One thing that happened, as webhooks tell it too."""

    id: str
    type: str
    timestamp: str
    sequence: int
    data: dict[str, Any]


class EventPage(Schema):
    """Events in their order; `after` is where to go on, also when there are none."""

    items: list[Event]
    after: int
    has_more: bool


@router.get("/events", auth=Scope("audit.view"), response={200: EventPage, **PROBLEMS})
def list_events(request: HttpRequest, page: Query[EventQuery]) -> HttpResponse:
    """Catch up with events, the oldest first.

    Each has a sequence without gaps: whoever keeps the last `after` and asks again
    misses none, however long they were away.
    """
    rows = AuditEntry.objects.filter(sequence__gt=page.after).order_by("sequence")
    if page.type:
        rows = rows.filter(action=page.type)
    found = list(rows[: page.limit + 1])
    items = [Event(**shaped(entry)) for entry in found[: page.limit]]
    after = items[-1].sequence if items else page.after
    has_more = len(found) > page.limit
    return shown(request, EventPage(items=items, after=after, has_more=has_more))
