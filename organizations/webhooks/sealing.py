"""Secrets of endpoints: made here, shown once, and locked wherever they rest."""

import base64
import secrets
from typing import Final

from django.conf import settings

from accounts.safes import safe

PURPOSE: Final = b"insula webhook secrets"
PREFIX: Final = "whsec_"
BYTES: Final = 32


def new_secret() -> str:
    """Return a new secret as Standard Webhooks writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def locked(secret: str) -> str:
    """Return a secret as it rests in the database."""
    return (
        safe(settings.WEBHOOK_SECRETS_KEYS, PURPOSE).encrypt(secret.encode()).decode()
    )


def opened(text: str) -> str:
    """Return a secret that rested; InvalidToken when the key it had is lost."""
    return safe(settings.WEBHOOK_SECRETS_KEYS, PURPOSE).decrypt(text.encode()).decode()
