"""Locking what must rest unreadable in the database, with keys that stand outside it."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def safe(keys: Sequence[str], purpose: bytes) -> MultiFernet:
    """Return what locks with the first key and opens with the others, too."""
    return MultiFernet([Fernet(derived(key, purpose)) for key in keys])


def derived(key: str, purpose: bytes) -> bytes:
    """Return a key for one purpose only."""
    bits = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose)
    return base64.urlsafe_b64encode(bits.derive(key.encode()))
