"""Pictures of every kind, made while the tests run, and where they are kept."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

OWN = "/accounts/profile/picture/"
LOGO = "/pictures/logo/"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Any) -> Any:
    """Keep the files of a test in a folder of its own."""
    place = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "media"},
    }
    settings.STORAGES = settings.STORAGES | {"default": place}
    return tmp_path / "media"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **how: Any
) -> bytes:
    """Return a picture in some format, red on the left and blue on the right."""
    made = Image.new("RGB", size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    held = io.BytesIO()
    made.convert(mode).save(held, kind, **how)
    return held.getvalue()


def upload(data: bytes, name: str = "me.png") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, data, "image/png")}


@pytest.fixture
def files(shelf: Any) -> Callable[[], list[str]]:
    """Return a call that lists what is kept."""

    def listed() -> list[str]:
        found = (path for path in shelf.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(shelf)) for path in found)

    return listed
