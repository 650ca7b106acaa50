"""What allauth's second factors ask us: how their secrets rest, who we are to a key."""

import base64
import secrets
from typing import Any, Final

import structlog
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import safes
from accounts.templatetags.devices import device

log = structlog.get_logger("insula.accounts")

PURPOSE: Final = b"insula second factors"


class MFAAdapter(DefaultMFAAdapter):
    """Keeps secrets unreadable in the database, and speaks our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code does not fit. Take the one shown now."),
        "unverified_email": _("Confirm your new e-mail address first, or drop it."),
        "cannot_generate_recovery_codes": _(
            "Set up an app or a passkey first; the codes stand in for them."
        ),
    }

    def encrypt(self, text: str) -> str:
        return safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The key it was written with is lost: a secret nobody has fits no code,
            # while an empty one would be everybody's.
            log.error("second_factor.unreadable")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def _get_site_name(self) -> str:
        return "Insula"


def safe() -> MultiFernet:
    """Return what locks with the present key and opens with the former ones, too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return safes.safe(keys, PURPOSE)
