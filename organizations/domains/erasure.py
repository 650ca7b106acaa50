"""Requests to join forget a person who is erased."""

from typing import Any

from organizations.domains.models import JoinRequest
from organizations.personal.erasure import forgetting
from organizations.tenancy import no_context, tenant


def forget_requests(
    *, person: Any, neutral: str, organization_id: Any, **kwargs: Any
) -> None:
    """Write neutral words over a person's requests, wherever they asked to join."""
    if organization_id is not None:
        return
    for asked in list(JoinRequest.own.filter(user=person)):
        with no_context(), tenant(asked.organization_id, person):
            JoinRequest.objects.filter(pk=asked.pk).update(
                name=str(person), email=neutral
            )


def connect() -> None:
    """Listen, once."""
    forgetting.connect(forget_requests, dispatch_uid="domains.forget_requests")
