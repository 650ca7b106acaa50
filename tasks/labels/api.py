"""Labels for other programs."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from organizations.api.bodies import checked, refuse_errors
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import (
    PROBLEMS,
    Body,
    Page,
    PageQuery,
    created,
    cursor_of,
    nothing,
    place_of,
    refuse_changed,
    shown,
)
from organizations.http import TenantRequest
from organizations.paging import page_behind
from tasks.labels import flows
from tasks.labels.forms import LabelForm
from tasks.labels.models import MOST, Colour, NameTaken, TooMany
from tasks.labels.models import Label as Row

router = Router(tags=["Labels"])
LENGTH = 40


class Label(Schema):
    """One word by which tasks are sorted."""

    id: UUID
    name: str
    colour: Colour


class LabelPage(Page[Label]):
    """Some labels; `next` is the cursor of what follows, null behind the last."""


class NewLabel(Body):
    """A label to be made."""

    name: str = Field(min_length=1, max_length=LENGTH)
    colour: Colour = Colour.BLUE


class LabelChanges(Body):
    """What is to change of a label; what is left out stays as it is."""

    name: str = Field(default_factory=str, min_length=1, max_length=LENGTH)
    colour: Colour = Field(default_factory=lambda: Colour.BLUE)


@router.get("/labels", auth=Scope("tasks.view"), response={200: LabelPage, **PROBLEMS})
def list_labels(request: TenantRequest, page: Query[PageQuery]) -> HttpResponse:
    """List labels, the newest first."""
    place = place_of(page.cursor)
    found = page_behind(Row.objects.all(), "created_at", place, page.limit)
    items = [shape(label) for label in found.rows]
    return shown(request, LabelPage(items=items, next=cursor_of(found.next)))


@router.post("/labels", auth=Scope("tasks.edit"), response={201: Label, **PROBLEMS})
def create_label(request: TenantRequest, data: NewLabel) -> HttpResponse:
    """Make a label; no two of an organization are called the same."""
    form = LabelForm(data.model_dump())
    values = checked(form)
    try:
        label = flows.create_label(by=None, **values)
    except NameTaken:
        form.add_name_taken()
        refuse_errors(form)
        raise
    except TooMany as error:
        words = f"There can be {MOST} labels at most. Delete one first."
        raise Problem("conflict", words) from error
    return created(request, shape(label))


@router.get(
    "/labels/{uuid:label_id}",
    auth=Scope("tasks.view"),
    response={200: Label, **PROBLEMS},
)
def get_label(request: TenantRequest, label_id: UUID) -> HttpResponse:
    """Read one label."""
    return shown(request, shape(get_object_or_404(Row, pk=label_id)))


@router.patch(
    "/labels/{uuid:label_id}",
    auth=Scope("tasks.edit"),
    response={200: Label, **PROBLEMS},
)
def change_label(
    request: TenantRequest, label_id: UUID, data: LabelChanges
) -> HttpResponse:
    """Rename or recolour a label, on all its tasks."""
    with transaction.atomic():
        label = locked(request, label_id)
        present = {"name": label.name, "colour": label.colour}
        form = LabelForm(present | data.model_dump(exclude_unset=True))
        values = checked(form)
        try:
            label.change(by=None, **values)
        except NameTaken:
            form.add_name_taken()
            refuse_errors(form)
    return shown(request, shape(label))


@router.delete(
    "/labels/{uuid:label_id}",
    auth=Scope("tasks.edit"),
    response={204: None, **PROBLEMS},
)
def remove_label(request: TenantRequest, label_id: UUID) -> HttpResponse:
    """Delete a label for good, and take it off all tasks."""
    with transaction.atomic():
        locked(request, label_id).remove(by=None)
    return nothing()


def locked(request: TenantRequest, label_id: UUID) -> Row:
    """Return a label that nobody else changes until the transaction ends."""
    label = Row.objects.select_for_update().filter(pk=label_id).first()
    if label is None:
        raise Http404
    refuse_changed(request, shape(label))
    return label


def shape(label: Any) -> Label:
    return Label(id=label.pk, name=label.name, colour=label.colour)
