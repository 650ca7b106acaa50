"""Who wrote an archive: an Ed25519 signature over its manifest.

The key pair is derived from SECRET_KEY, so there is nothing more to keep. With a pair,
unlike with a shared secret, another installation can verify an archive by a public key
and still write none in this one's name.
"""

import hashlib
import hmac
import json
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

ALGORITHM: Final = "Ed25519"
PURPOSE: Final = b"insula archive signature"


def private_key(secret: str) -> Ed25519PrivateKey:
    """Return the key that a secret stands for."""
    seed = hmac.new(secret.encode(), PURPOSE, hashlib.sha256).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(secret: str = "") -> str:
    """Return, in hex, by which key this installation's archives are verified."""
    return (
        private_key(secret or settings.SECRET_KEY).public_key().public_bytes_raw().hex()
    )


def own_keys() -> set[str]:
    """Return the public keys of this installation, former ones included."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {public_key(secret) for secret in secrets}


def signature(manifest: bytes) -> bytes:
    """Return the text of the file SIGNATURE for a manifest."""
    key = private_key(settings.SECRET_KEY)
    said = {
        "algorithm": ALGORITHM,
        "key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(manifest).hex(),
    }
    return json.dumps(said, indent=2).encode()


def signer(manifest: bytes, text: bytes) -> str:
    """Return the public key that signed a manifest; ValueError when none did."""
    try:
        said = json.loads(text)
        key = bytes.fromhex(said["key"])
        if said["algorithm"] != ALGORITHM:
            raise ValueError(said["algorithm"])
        signed = bytes.fromhex(said["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signed, manifest)
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise ValueError("the signature does not fit the manifest") from error
    return key.hex()
