"""Pictures of organizations, uploaded through the page."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.gallery.models import Image
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.pictures.conftest import files, picture, shelf  # noqa: F401

GALLERY = "/gallery/"
UPLOAD = "/gallery/upload/"
TRASH = "/gallery/trash/"
HTMX = {"HX-Request": "true"}


def send(client: Any, *sent: tuple[str, bytes], **how: Any) -> Any:
    """Upload files by their names and bytes."""
    data = [SimpleUploadedFile(name, body, "image/png") for name, body in sent]
    return client.post(UPLOAD, {"pictures": data}, **how)


def images(organization: Organization) -> list[Image]:
    """Return an organization's pictures, the trash included, the newest first."""
    with no_context(), tenant(organization):
        return list(Image.with_trash.order_by("-created_at", "-pk"))


def used(organization: Organization) -> int:
    """Return how many bytes an organization's files are counted as."""
    with no_context(), tenant(organization):
        return use_of(Key.STORAGE).used


def allow(organization: Organization, size: int) -> None:
    """Limit what an organization may keep."""
    with no_context(), tenant(organization):
        limits = {"storage_bytes": size}
        Organization.objects.filter(pk=organization.pk).update(limits=limits)


@pytest.fixture
def one(as_bob: Any, acme: Organization) -> Image:
    """Return a picture that Bob has uploaded to Acme."""
    assert send(as_bob, ("Beach.png", picture())).status_code == 302
    return images(acme)[0]


@pytest.fixture
def foreign(as_charlie: Any, globex: Organization) -> Image:
    """Return a picture of Globex."""
    assert send(as_charlie, ("Secret.png", picture())).status_code == 302
    return images(globex)[0]


@pytest.fixture
def trashed(as_bob: Any, one: Image) -> Image:
    """Return a picture of Acme that is in the trash."""
    assert as_bob.post(page_of(one, "delete")).status_code == 302
    return one


def page_of(image: Image, name: str = "") -> str:
    """Return the address of a page about a picture."""
    return f"{GALLERY}{image.pk}/{name and name + '/'}"
