"""Pages of the gallery."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.pictures import SUFFIX, file_response
from organizations.decorators import member_can
from organizations.gallery.files import thumbnail_of
from organizations.gallery.forms import ImageForm, PlaceForm, UploadForm
from organizations.gallery.listing import live, trashed
from organizations.gallery.models import Image
from organizations.gallery.purging import purge
from organizations.gallery.uploading import upload_all
from organizations.http import TenantRequest
from organizations.limits.answers import explained
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.limits.refusals import LimitReached


@require_GET
@member_can("gallery.view")
def image_list(request: TenantRequest) -> HttpResponse:
    return list_page(request)


def list_page(
    request: TenantRequest, status: int = 200, **context: Any
) -> HttpResponse:
    page = live(PlaceForm(request.GET).place())
    if request.htmx and status == 200:
        return render(request, "gallery/image_list.html#cards", {"page": page})
    context |= {
        "page": page,
        "room": use_of(Key.STORAGE),
        "largest": settings.PICTURE_MAX_BYTES,
    }
    return render(request, "gallery/image_list.html", context, status=status)


@require_POST
@member_can("gallery.edit")
def image_upload(request: TenantRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if request.htmx:
        return answer_script(request, form)
    if not form.is_valid():
        return list_page(request, 422, upload_form=form)
    made, refused = uploaded(request, form)
    if refused:
        return list_page(request, 422, refused=refused)
    text = ngettext("%(count)d picture added", "%(count)d pictures added", len(made))
    messages.success(request, text % {"count": len(made)})
    return redirect("gallery:image_list")


def uploaded(request: TenantRequest, form: UploadForm) -> tuple[list[Any], list[Any]]:
    """Keep a form's pictures; return those that are kept, and those that are not."""

    def told(reached: LimitReached) -> str:
        return explained(reached, request)

    return upload_all(form.cleaned_data["pictures"], by=request.user, told=told)


def answer_script(request: TenantRequest, form: UploadForm) -> HttpResponse:
    """Answer a script, which sends each file by itself, with its card or the reason."""
    if not form.is_valid():
        return HttpResponse(
            " ".join(map(str, form.errors["pictures"])), "text/plain", 422
        )
    made, refused = uploaded(request, form)
    if refused:
        return HttpResponse(refused[0].reason, "text/plain", 422)
    context = {"made": made, "room": use_of(Key.STORAGE)}
    return render(request, "gallery/image_list.html#made", context)


@require_GET
@member_can("gallery.view")
def image_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = get_object_or_404(Image, pk=pk)
    return detail_page(request, image, ImageForm(initial=vars(image)))


def detail_page(request: TenantRequest, image: Image, form: ImageForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"image": image, "form": form}
    return render(request, "gallery/image_detail.html", context, status=status)


@require_POST
@member_can("gallery.edit")
def image_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = get_object_or_404(Image, pk=pk)
    form = ImageForm(request.POST)
    if not form.is_valid():
        return detail_page(request, image, form)
    image.edit(by=request.user, **form.cleaned_data)
    messages.success(request, _("Picture saved"))
    return redirect("gallery:image_detail", pk)


@require_POST
@member_can("gallery.edit")
def image_delete(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = get_object_or_404(Image, pk=pk)
    if image.remove(by=request.user):
        text = _("%(name)s moved to the trash") % {"name": image}
        undo = reverse("gallery:image_restore", args=[pk])
        messages.success(request, text, extra_tags=undo)
    return redirect("gallery:image_list")


@require_POST
@member_can("gallery.edit")
def image_restore(request: TenantRequest, pk: UUID) -> HttpResponse:
    image: Image = get_object_or_404(Image.with_trash, pk=pk)
    if image.restore(by=request.user):
        messages.success(request, _("%(name)s is back") % {"name": image})
    return redirect("gallery:image_detail", pk)


@require_GET
@member_can("gallery.edit")
def image_trash(request: TenantRequest) -> HttpResponse:
    page = trashed(PlaceForm(request.GET).place())
    part = "#rows" if request.htmx else ""
    return render(request, f"gallery/image_trash.html{part}", {"page": page})


@require_POST
@member_can("gallery.edit")
def image_purge(request: TenantRequest, pk: UUID) -> HttpResponse:
    image: Image = get_object_or_404(Image.with_trash, pk=pk)
    if purge(image, by=request.user):
        messages.success(request, _("%(name)s is deleted for good") % {"name": image})
    return redirect("gallery:image_trash")


@require_GET
@member_can("gallery.view")
def image_file(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = visible(request, pk)
    return file_response(request, image.file, image.version)


@require_GET
@member_can("gallery.view")
def image_thumbnail(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = visible(request, pk)
    return file_response(request, thumbnail_of(image.file), image.version)


@require_GET
@member_can("gallery.view")
def image_download(request: TenantRequest, pk: UUID) -> HttpResponse:
    image = visible(request, pk)
    name = f"{image.name}{SUFFIX}"
    return file_response(request, image.file, image.version, name)


def visible(request: TenantRequest, pk: UUID) -> Image:
    """Return a picture that may be seen; the trash is for those who may empty it."""
    may_edit = "gallery.edit" in request.abilities
    rows = Image.with_trash if may_edit else Image.objects
    found: Image = get_object_or_404(rows.only("organization", "name", "file"), pk=pk)
    return found
