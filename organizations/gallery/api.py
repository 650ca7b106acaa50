"""Pictures for other programs: uploaded, described, looked at, removed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from accounts.forms import read_picture
from accounts.pictures import TYPE, file_response
from organizations.api.bodies import checked, only, wrong
from organizations.api.people import Person, people, person
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
from organizations.gallery import flows
from organizations.gallery.drawing import drawn
from organizations.gallery.files import thumbnail_of
from organizations.gallery.forms import ImageForm
from organizations.gallery.models import ALT_LENGTH, NAME_LENGTH
from organizations.gallery.models import Image as Row
from organizations.gallery.uploading import name_from
from organizations.http import TenantRequest
from organizations.paging import page_behind

router = Router(tags=["Images"])
# What a picture itself is answered as; the library knows no answers but JSON.
DRAWN = {TYPE: {"schema": {"type": "string", "format": "binary"}}}


class Image(Schema):
    """One picture that the organization keeps, drawn anew as WebP."""

    id: UUID
    name: str
    alt: str = Field(description="What is on it, for people who cannot see it.")
    content_type: str
    size: int = Field(description="Bytes, its thumbnail included.")
    width: int
    height: int
    uploaded_by: Person | None = Field(
        description="Null for a program, and once who uploaded it has left."
    )
    created_at: datetime


class ImagePage(Page[Image]):
    """Some pictures; `next` is the cursor of what follows, null behind the last."""


class ImageChanges(Body):
    """What is to change of a picture; what is left out stays as it is."""

    name: str = Field(default_factory=str, min_length=1, max_length=NAME_LENGTH)
    alt: str = Field(default_factory=str, max_length=ALT_LENGTH)


class ContentQuery(Body):
    """In which size a picture is wanted."""

    size: Literal["full", "thumbnail"] = "full"


@router.get(
    "/images", auth=Scope("gallery.view"), response={200: ImagePage, **PROBLEMS}
)
def list_images(request: TenantRequest, page: Query[PageQuery]) -> HttpResponse:
    """List pictures, the newest first."""
    place = place_of(page.cursor)
    found = page_behind(Row.objects.all(), "created_at", place, page.limit)
    items = shapes(found.rows)
    return shown(request, ImagePage(items=items, next=cursor_of(found.next)))


@router.post("/images", auth=Scope("gallery.edit"), response={201: Image, **PROBLEMS})
def upload_image(request: TenantRequest, picture: File[UploadedFile]) -> HttpResponse:
    """Add a PNG, JPEG, WebP or GIF picture of up to 5 MB; it is called as its file."""
    try:
        drawing = read_picture(picture, drawn)
    except ValidationError as error:
        raise wrong("picture", " ".join(error.messages), "file") from error
    name = "".join(filter(str.isprintable, picture.name or ""))
    made = flows.upload_image(drawing=drawing, name=name_from(name), by=None)
    return created(request, present(made.pk))


@router.get(
    "/images/{uuid:image_id}",
    auth=Scope("gallery.view"),
    response={200: Image, **PROBLEMS},
)
def get_image(request: TenantRequest, image_id: UUID) -> HttpResponse:
    """Read what is kept of one picture."""
    return shown(request, present(image_id))


@router.get(
    "/images/{uuid:image_id}/content",
    auth=Scope("gallery.view"),
    response={200: None, **PROBLEMS},
    openapi_extra={"responses": {200: {"content": DRAWN}}},
)
def get_image_content(
    request: TenantRequest, image_id: UUID, page: Query[ContentQuery]
) -> HttpResponse:
    """Fetch the picture itself, or its thumbnail, as WebP."""
    image = get_object_or_404(Row, pk=image_id)
    where = image.file if page.size == "full" else thumbnail_of(image.file)
    response = file_response(request, where, image.version)
    response.headers["Vary"] = "Authorization"
    return response


@router.patch(
    "/images/{uuid:image_id}",
    auth=Scope("gallery.edit"),
    response={200: Image, **PROBLEMS},
)
def change_image(
    request: TenantRequest, image_id: UUID, data: ImageChanges
) -> HttpResponse:
    """Name or describe a picture."""
    with transaction.atomic():
        image = locked(request, image_id)
        given = data.model_dump(exclude_unset=True)
        image.edit(by=None, **checked(only(ImageForm(given), given)))
    return shown(request, present(image_id))


@router.delete(
    "/images/{uuid:image_id}",
    auth=Scope("gallery.edit"),
    response={204: None, **PROBLEMS},
)
def remove_image(request: TenantRequest, image_id: UUID) -> HttpResponse:
    """Put a picture in the trash; it can be restored for thirty days."""
    with transaction.atomic():
        locked(request, image_id).remove(by=None)
    return nothing()


@router.post(
    "/images/{uuid:image_id}/restore",
    auth=Scope("gallery.edit"),
    response={200: Image, **PROBLEMS},
)
def restore_image(request: TenantRequest, image_id: UUID) -> HttpResponse:
    """Take a picture out of the trash; one that is not there stays as it is."""
    get_object_or_404(Row.with_trash, pk=image_id).restore(by=None)
    return shown(request, present(image_id))


def locked(request: TenantRequest, image_id: UUID) -> Row:
    """Return a picture that nobody else changes until the transaction ends."""
    image: Row = get_object_or_404(Row.objects.select_for_update(), pk=image_id)
    if "If-Match" in request.headers:
        refuse_changed(request, shapes([image])[0])
    return image


def present(image_id: UUID) -> Image:
    return shapes([get_object_or_404(Row, pk=image_id)])[0]


def shapes(rows: Iterable[Row]) -> list[Image]:
    """Return pictures with who uploaded them."""
    every = list(rows)
    uploaders = people(row.uploaded_by_id for row in every)
    return [
        Image(
            **{name: getattr(row, name) for name in PLAIN},
            uploaded_by=person(uploaders, row.uploaded_by_id),
        )
        for row in every
    ]


PLAIN = (
    *("id", "name", "alt", "content_type", "size", "width", "height"),
    "created_at",
)
