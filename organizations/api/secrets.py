"""The text of a key: what only its program knows, then the organization, so that its
wall is entered before anything is looked up."""

import base64
import hashlib
import re
import secrets
from typing import Final
from uuid import UUID

START: Final = "ins_"
TEXT: Final = re.compile(r"ins_[A-Za-z0-9_-]{32}([A-Za-z0-9_-]{22})")
PREFIX_LENGTH: Final = len(START) + 6


def new_text(organization_id: UUID) -> str:
    """Return a new key of 58 letters, 192 bits of them secret."""
    place = base64.urlsafe_b64encode(organization_id.bytes).decode().rstrip("=")
    return START + secrets.token_urlsafe(24) + place


def prefix_of(text: str) -> str:
    """Return the part of a key that it is shown by."""
    return text[:PREFIX_LENGTH]


def digest_of(text: str) -> str:
    """Return what is kept of a key, as 64 hex digits.

    The secret is random and long: a slow hash would protect nothing more.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def organization_in(text: str) -> UUID | None:
    """Return the organization that a key names; None for what is no key."""
    found = TEXT.fullmatch(text)
    return UUID(bytes=base64.urlsafe_b64decode(found[1] + "==")) if found else None
