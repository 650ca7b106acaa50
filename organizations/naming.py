"""Addresses and task prefixes made from an organization's name."""

import re
import secrets
from collections.abc import Iterator
from typing import Final

from django.utils.text import slugify

SLUG_LENGTH: Final = 50

# Words that an address of our own, or one that looks official, may need.
RESERVED: Final = frozenset(
    re.findall(
        r"\w+",
        """
        about account accounts admin administrator api app assets audit auth billing
        blog board contact dashboard docs download gallery help inbox insula internal
        invitations legal login logout mail media members new null operator
        organization organizations password pricing privacy profile public root search
        security settings signin signup staff static status support switch system tasks
        teams terms test undefined user users webhook webhooks welcome www
        """,
    )
)


def slug_from(name: str) -> str:
    """Return an address for a name; a made-up one where no letter of it can be used."""
    letters = re.sub(r"[-_]+", "-", slugify(name)).strip("-")
    if not letters:
        return f"org-{secrets.token_hex(3)}"
    slug = letters[:SLUG_LENGTH].rstrip("-")
    return extended(slug, "org") if slug in RESERVED else slug


def variants(slug: str) -> Iterator[str]:
    """Yield addresses near a taken one, the plainest first; the last is made up."""
    for number in range(2, 6):
        yield extended(slug, str(number))
    yield extended(slug, secrets.token_hex(3))


def extended(slug: str, end: str) -> str:
    """Return an address with an ending, cut so that it stays one."""
    return f"{slug[: SLUG_LENGTH - len(end) - 1].rstrip('-')}-{end}"


def prefix_from(name: str) -> str:
    """Return the letters that an organization's tasks are numbered under."""
    letters = re.sub(r"[^A-Z0-9]", "", slugify(name).upper()).lstrip("0123456789")
    return letters[:3] if len(letters) > 1 else "TASK"
