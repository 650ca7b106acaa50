"""What others were told of a person who is erased has their name no more.

What the person was told themselves ends with their membership.
"""

from typing import Any, Final

from organizations.notifications.models import Notification
from organizations.personal.erasure import forgetting
from organizations.tenancy import no_context, tenant

# Who came, or asks to, is what these are about.
OF_THEMSELVES: Final = ("member_joined", "join_request")


def forget_name(*, person: Any, organization_id: Any, **kwargs: Any) -> None:
    """Write a neutral name over a person's in what their colleagues were told."""
    if organization_id is None:
        return
    with no_context(), tenant(organization_id):
        rows = Notification.objects.filter(actor=person)
        rows.update(actor_name=str(person))
        rows.filter(kind__in=OF_THEMSELVES).update(subject_label=str(person))


def connect() -> None:
    """Listen, once."""
    forgetting.connect(forget_name, dispatch_uid="notifications.forget_name")
