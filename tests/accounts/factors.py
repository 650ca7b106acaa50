"""A person's authenticator app and passkey, as the tests hold them in hand."""

import base64
import hashlib
import json
import re
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256

from accounts.models import User
from organizations.tenancy import identity
from tests.conftest import PASSWORD

SECURITY = "/accounts/2fa/"
ACTIVATE = f"{SECURITY}totp/activate/"
DEACTIVATE = f"{SECURITY}totp/deactivate/"
CODES = f"{SECURITY}recovery-codes/"
KEYS = f"{SECURITY}webauthn/"
ADD = f"{KEYS}add/"
STEP = f"{SECURITY}authenticate/"
BY_PASSKEY = f"{KEYS}login/"
ORIGIN = "https://testserver"
SHOWN_KEY = re.compile(r"<code[^>]*>([A-Z2-7]{32})</code>")
SHOWN_CODE = re.compile(r"<code>(\d{4} \d{4})</code>")
OPTIONS = re.compile(r'<script id="passkey-options"[^>]*>(.*?)</script>', re.DOTALL)


def app_code(secret: str, later: int = 0) -> str:
    """Return what an authenticator app shows now, or some half minutes later."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now + later))


def prove(client: Client) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def set_up_app(client: Client) -> str:
    """Turn the app on, on its page, and return the key it shows."""
    secret = SHOWN_KEY.search(client.get(ACTIVATE).text)[1]
    answer = client.post(ACTIVATE, {"code": app_code(secret)})
    assert answer.status_code == 302, answer.text
    return secret


def factors(user: User, kind: str = "") -> list[Authenticator]:
    with identity():
        rows = Authenticator.objects.filter(user=user).order_by("pk")
        return list(rows.filter(type=kind) if kind else rows)


def text64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    """A key as a device would hold it, made and asked through the pages' own JSON."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(user.pk.bytes).digest()

    def added(self, client: Client, **form: Any) -> Any:
        """Add the key on its page."""
        options = json.loads(OPTIONS.search(client.get(ADD).text)[1])
        credential = self.attest(options["publicKey"]["challenge"])
        values = {"name": "Laptop", "passwordless": "on"} | form
        return client.post(ADD, values | {"credential": json.dumps(credential)})

    def attest(self, challenge: str) -> dict[str, Any]:
        public = ES256.from_cryptography_key(self.private.public_key())
        body = (
            bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        )
        data = self.authenticator_data(0x45) + body
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self.answered(
            {
                "clientDataJSON": self.client_data("webauthn.create", challenge),
                "attestationObject": text64(cbor.encode(attestation)),
            }
        ) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def sign(self, challenge: str) -> dict[str, Any]:
        client_data = self.client_data("webauthn.get", challenge)
        raw = base64.urlsafe_b64decode(client_data + "==")
        data = self.authenticator_data(0x05)
        signed = data + hashlib.sha256(raw).digest()
        signature = self.private.sign(signed, ec.ECDSA(SHA256()))
        return self.answered(
            {
                "clientDataJSON": client_data,
                "authenticatorData": text64(data),
                "signature": text64(signature),
                "userHandle": text64(str(self.user.pk).encode()),
            }
        )

    def answered(self, response: dict[str, str]) -> dict[str, Any]:
        key = text64(self.id)
        return {
            "id": key,
            "rawId": key,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": response,
            "clientExtensionResults": {},
        }

    def authenticator_data(self, flags: int) -> bytes:
        return hashlib.sha256(b"testserver").digest() + bytes([flags]) + bytes(4)

    def client_data(self, kind: str, challenge: str) -> str:
        facts = {"type": kind, "challenge": challenge, "origin": ORIGIN}
        return text64(json.dumps(facts).encode())


def challenge_of(client: Client) -> str:
    """Ask, as the sign-in page's script does, what a passkey shall sign."""
    answer = client.get(BY_PASSKEY, headers={"Accept": "application/json"})
    return answer.json()["request_options"]["publicKey"]["challenge"]


def sign_in_by(passkey: Passkey, client: Client, **form: Any) -> Any:
    credential = json.dumps(passkey.sign(challenge_of(client)))
    return client.post(BY_PASSKEY, {"credential": credential} | form)
