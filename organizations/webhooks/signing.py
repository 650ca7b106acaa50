"""The headers of a call, signed as Standard Webhooks says."""

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from standardwebhooks import Webhook

from organizations.webhooks.models import Endpoint
from organizations.webhooks.sealing import opened

AGENT: Final = f"Insula-Webhooks/{settings.VERSION} (+https://www.standardwebhooks.com)"


def headers_of(
    endpoint: Endpoint, event_id: UUID, body: bytes, moment: datetime, request_id: str
) -> dict[str, str]:
    """Return the headers that go with a body; the same event has the same id always."""
    found = {
        "content-type": "application/json",
        "user-agent": AGENT,
        "accept-encoding": "identity",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature(endpoint, event_id, body, moment),
    }
    return found | ({"x-request-id": request_id} if request_id else {})


def signature(endpoint: Endpoint, event_id: UUID, body: bytes, moment: datetime) -> str:
    """Return a signature by each secret that is known to the receiver."""
    secrets = [opened(endpoint.secret)]
    if endpoint.is_rotating and endpoint.former_secret:
        # One whose key is lost is why there is a new one.
        with suppress(InvalidToken):
            secrets.append(opened(endpoint.former_secret))
    text = body.decode()
    return " ".join(
        Webhook(secret).sign(str(event_id), moment, text) for secret in secrets
    )
