"""The mail about an endpoint that is sent to no longer, to whoever may mend it."""

from typing import Any, Final

from django.db.models import Q
from django.urls import reverse

from accounts.mail import absolute, mail_to
from organizations.models import Membership
from organizations.permissions import roles_with
from organizations.tenancy.jobs import enqueue, job
from organizations.webhooks.models import Endpoint

ABILITY: Final = "webhooks.edit"


def keepers() -> list[Any]:
    """Return the people of the active organization who may change webhooks."""
    by_role = Q(custom_role=None, role__in=roles_with(ABILITY))
    by_own_role = Q(custom_role__abilities__contains=ABILITY)
    rows = Membership.objects.filter(by_role | by_own_role, suspended_at=None)
    found = rows.select_related("user").order_by("created_at", "pk")
    return [member.user for member in found if member.user.may_sign_in]


@job()
def mail_disabled(*, endpoint_id: str, user_id: str) -> None:
    """Tell somebody who may still mend it that an endpoint is disabled, if it is."""
    person = next((each for each in keepers() if str(each.pk) == user_id), None)
    found = Endpoint.objects.select_related("organization")
    endpoint = found.filter(pk=endpoint_id).exclude(disabled_at=None).first()
    if person is None or endpoint is None:
        return
    mail_to(
        person,
        "webhook_disabled",
        endpoint=endpoint,
        organization=endpoint.organization,
        address=absolute(reverse("webhooks:endpoint_detail", args=[endpoint.pk])),
    ).send()


def tell_disabled(endpoint: Endpoint) -> None:
    """Mail all of them, once the change is kept."""
    for person in keepers():
        enqueue(mail_disabled, endpoint_id=str(endpoint.pk), user_id=str(person.pk))
