"""Secrets of invitations: the organization in front, so that its wall is entered
before anything is looked up, then what only the invited know."""

import base64
import hashlib
import re
import secrets
from typing import Final
from uuid import UUID

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}[A-Za-z0-9_-]{32}")
ORGANIZATION_LENGTH: Final = 22


def new_token(organization_id: UUID) -> str:
    """Return a new token of 54 letters, 192 bits of them secret."""
    place = base64.urlsafe_b64encode(organization_id.bytes).decode().rstrip("=")
    return place + secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    """Return what is kept of a token, as 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def organization_in(token: str) -> UUID | None:
    """Return the organization that a token names; None for what is no token."""
    if not TOKEN.fullmatch(token):
        return None
    return UUID(bytes=base64.urlsafe_b64decode(token[:ORGANIZATION_LENGTH] + "=="))
