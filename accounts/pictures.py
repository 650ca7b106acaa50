"""Pictures people upload: looked into, drawn anew and kept under unguessable names.

What is stored and served is only ever our own drawing, never a byte of the upload.
"""

import io
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from PIL import Image, ImageOps

# The first bytes of what we take, and the last ones: whatever follows them is a
# second file that pretends to be the first.
BEGINNINGS: Final = (
    ("PNG", b"\x89PNG\r\n\x1a\n"),
    ("JPEG", b"\xff\xd8\xff"),
    ("GIF", b"GIF87a"),
    ("GIF", b"GIF89a"),
    ("WEBP", b"RIFF"),
)
ENDINGS: Final = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9", "GIF": b";"}
LARGE: Final = 256
SMALL: Final = 64
SIZES: Final = (LARGE, SMALL)
TYPE: Final = "image/webp"
SUFFIX: Final = ".webp"
FOLDERS: Final = ("people/", "org/")
YEAR: Final = 365 * 24 * 3600


class NoPicture(Exception):
    """The bytes are no picture that we take."""


class TooManyPixels(NoPicture):
    """Drawing the picture would take more memory than one picture may."""


def drawn(data: bytes) -> dict[int, bytes]:
    """Return a picture as squares of our sizes, without anything but its pixels."""
    picture = upright(data, 2 * LARGE)
    return {size: square(picture, size) for size in SIZES}


def upright(data: bytes, side: int) -> Image.Image:
    """Return an upload the right way up, no smaller than a side asks for.

    NoPicture unless it is one from the first byte to the last.
    """
    kind = kind_of(data)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > settings.PICTURE_MAX_PIXELS:
                raise TooManyPixels
            # A photograph is read at the scale it is needed in.
            opened.draft("RGB", (side, side))
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            mode = "RGBA" if opened.has_transparency_data else "RGB"
            # A large picture is held once: each copy would be as large again.
            return opened if opened.mode == mode else opened.convert(mode)
    except NoPicture:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:
        # A decoder fails in as many ways as there are broken files.
        raise NoPicture from error


def kind_of(data: bytes) -> str:
    """Return the format that bytes are in from the first to the last; NoPicture else."""
    kind = next((name for name, start in BEGINNINGS if data.startswith(start)), "")
    if kind == "WEBP":
        whole = int.from_bytes(data[4:8], "little") + 8 == len(data)
        whole = whole and data[8:12] == b"WEBP"
    else:
        whole = bool(kind) and data.rstrip(b"\0").endswith(ENDINGS[kind])
    if not whole:
        raise NoPicture
    return kind


def square(picture: Image.Image, size: int) -> bytes:
    """Return the middle of a picture as WebP."""
    return as_webp(ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS))


def as_webp(picture: Image.Image) -> bytes:
    """Return a picture's pixels as WebP; a fresh canvas has no metadata."""
    canvas = Image.new(picture.mode, picture.size)
    canvas.paste(picture)
    made = io.BytesIO()
    canvas.save(made, "WEBP", quality=82, method=4)
    return made.getvalue()


def keep(folder: str, squares: Mapping[int, bytes]) -> str:
    """Store a picture's squares in a folder; return the large one's name."""
    name = f"{folder}/{secrets.token_hex(16)}{SUFFIX}"
    for size, data in squares.items():
        default_storage.save(sized(name, size), ContentFile(data))
    return name


def discard(name: str) -> None:
    """Delete a picture's squares, if they are pictures of ours."""
    if is_ours(name):
        for size in SIZES:
            default_storage.delete(sized(name, size))


def sized(name: str, size: int) -> str:
    """Return where a picture's square of a size is."""
    return name if size == LARGE else f"{name.removesuffix(SUFFIX)}-{size}{SUFFIX}"


def is_ours(name: str) -> bool:
    return name.startswith(FOLDERS) and name.endswith(SUFFIX) and ".." not in name


def is_small(upload: UploadedFile) -> bool:
    return (upload.size or 0) <= settings.PICTURE_MAX_BYTES


def picture_response(request: HttpRequest, name: str, size: int) -> HttpResponse:
    """Answer with one of a picture's squares."""
    where = sized(name, size) if is_ours(name) else name
    return file_response(request, where, version(name))


def file_response(
    request: HttpRequest, where: str, named: str, download: str = ""
) -> HttpResponse:
    """Answer with a stored picture, for this browser alone to keep.

    An address that names the very picture never changes its answer. A file that we
    did not draw is handed over, not shown.
    """
    if not where:
        raise Http404
    etag = quote_etag(version(where))
    response: Any = get_conditional_response(request, etag=etag) or opened(where)
    ours = is_ours(where)
    response["Content-Type"] = TYPE if ours else "application/octet-stream"
    response["Content-Disposition"] = (
        content_disposition_header(bool(download) or not ours, download) or "inline"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Vary"] = "Cookie"
    lasting = f"max-age={YEAR}, immutable"
    known = request.GET.get("v") == named
    response["Cache-Control"] = f"private, {lasting if known else 'no-cache'}"
    response["ETag"] = etag
    return response


def opened(where: str) -> HttpResponse:
    """Return a stored file as an answer; 404 when there is none.

    Whole, for our drawings are small: nobody's slow line keeps a storage waiting.
    """
    try:
        with default_storage.open(where) as file:
            return HttpResponse(file.read())
    except FileNotFoundError as error:
        raise Http404 from error


def version(name: str) -> str:
    """Return the part of a picture's name that nobody can guess."""
    return name.rpartition("/")[2].partition(".")[0]


@lru_cache(maxsize=4096)
def address(kind: str, key: Any, name: str, size: int = SMALL) -> str:
    """Return where a person's or an organization's picture is shown from."""
    where = reverse(f"pictures:{kind}", args=[key])
    return f"{where}?v={version(name)}" + ("&s=l" if size == LARGE else "")
