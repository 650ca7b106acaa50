"""The audit log for other programs, narrowed as on its page."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from organizations.api.bodies import checked
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import PROBLEMS, Page, PageQuery, shown
from organizations.audit.forms import EntryFilterForm, place
from organizations.audit.history import NEWEST, narrowed
from organizations.audit.models import ActorType, AuditEntry
from organizations.http import TenantRequest

router = Router(tags=["Audit log"])


class Actor(Schema):
    """Who made a change, by the name they had then."""

    type: ActorType
    id: UUID | None = Field(description="Null for programs and the system.")
    name: str
    impersonator: UUID | None = Field(description="Who acted as them, if anybody did.")


class Target(Schema):
    """What was changed, by the name it had then."""

    type: str
    id: str | None
    name: str


class Entry(Schema):
    """One recorded change; `hash` covers it and the hash of the entry before it."""

    id: UUID
    sequence: int
    action: str
    actor: Actor
    object: Target
    before: dict[str, Any]
    after: dict[str, Any]
    address: str | None
    user_agent: str
    request_id: str
    hash: str
    created_at: datetime


class EntryPage(Page[Entry]):
    """Some entries; `next` is the cursor of what follows, null behind the last."""


class EntryQuery(PageQuery):
    """Which entries, as the page's filters say it; days begin at midnight UTC."""

    actor: str | None = Field(
        None, max_length=36, description="A person's id, or “system”."
    )
    action: str | None = Field(None, max_length=80)
    type: str | None = Field(
        None, max_length=80, description="Of what kind of thing, such as tasks.task."
    )
    object: str | None = Field(
        None, max_length=100, description="Of which thing: an id."
    )
    request: str | None = Field(None, max_length=64, description="Of which request.")
    since: date | None = Field(None, description="From this day on.")
    until: date | None = Field(None, description="Up to this day, which is included.")


@router.get("/audit", auth=Scope("audit.view"), response={200: EntryPage, **PROBLEMS})
def list_entries(request: TenantRequest, filters: Query[EntryQuery]) -> HttpResponse:
    """List what was done in the organization, the newest first."""
    form = form_of(filters)
    rows = narrowed(AuditEntry.objects.all(), form).order_by(*NEWEST)
    found = list(rows[: filters.limit + 1])
    more = len(found) > filters.limit
    items = [shape(entry) for entry in found[: filters.limit]]
    following = place(found[filters.limit - 1]) if more else None
    return shown(request, EntryPage(items=items, next=following))


@router.get(
    "/audit/{uuid:entry_id}",
    auth=Scope("audit.view"),
    response={200: Entry, **PROBLEMS},
)
def get_entry(request: TenantRequest, entry_id: UUID) -> HttpResponse:
    """Read one entry."""
    return shown(request, shape(get_object_or_404(AuditEntry, pk=entry_id)))


def form_of(filters: EntryQuery) -> EntryFilterForm:
    """Return the page's filters, understood; Problem for what they are not."""
    values = filters.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    form = EntryFilterForm(values | {"before": filters.cursor or ""})
    if "before" in form.errors:
        raise Problem("cursor_invalid")
    checked(form, "query")
    return form


def shape(entry: AuditEntry) -> Entry:
    """Return an entry as other programs see it."""
    plain = ("action", "before", "after", "address", "user_agent", "request_id")
    return Entry(
        id=entry.pk,
        sequence=entry.sequence,
        actor=Actor(
            type=ActorType(entry.actor_type),
            id=entry.actor_id,
            name=entry.actor_label,
            impersonator=entry.impersonator_id,
        ),
        object=Target(
            type=entry.target_type,
            id=entry.target_id or None,
            name=entry.target_label,
        ),
        hash=bytes(entry.hash).hex(),
        created_at=entry.created_at,
        **{name: getattr(entry, name) for name in plain},
    )
