"""What a file is: by its first and last bytes if a picture, else by its ending."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final

from accounts.pictures import LARGE, NoPicture, drawn, kind_of

UNKNOWN: Final = "application/octet-stream"
PICTURES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
OPEN: Final = "application/vnd.oasis.opendocument"
# Nothing that a browser would run: markup and drawings in XML are bytes to us.
ENDINGS: Final = {
    ".csv": "text/csv",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".json": "application/json",
    ".md": "text/markdown",
    ".odp": f"{OPEN}.presentation",
    ".ods": f"{OPEN}.spreadsheet",
    ".odt": f"{OPEN}.text",
    ".pdf": "application/pdf",
    ".pptx": f"{OFFICE}.presentationml.presentation",
    ".txt": "text/plain",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".zip": "application/zip",
}
LONGEST_NAME: Final = 200
# Characters that are not seen, or turn the reading direction round.
INVISIBLE: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def content_type_of(name: str, data: bytes) -> str:
    """Return what a file is served as."""
    try:
        return PICTURES[kind_of(data)]
    except NoPicture:
        return ENDINGS.get(PurePosixPath(name).suffix.lower(), UNKNOWN)


def thumbnail_of(content_type: str, data: bytes) -> bytes:
    """Return a small drawing of a picture; nothing for whatever cannot be drawn."""
    if content_type not in PICTURES.values():
        return b""
    try:
        return drawn(data)[LARGE]
    except NoPicture:
        return b""


def clean_name(name: str) -> str:
    """Return a file's name as it can be shown, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(one for one in last if unicodedata.category(one) not in INVISIBLE)
    name = " ".join(seen.split())
    if len(name) > LONGEST_NAME:
        ending = PurePosixPath(name).suffix[:20]
        name = name[: LONGEST_NAME - len(ending)] + ending
    return name if name.strip(".") else "file"
