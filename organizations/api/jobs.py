"""Mail about keys, to those who answer for the organization, and what is forgotten."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.mail import absolute, mail_to
from organizations.api.models import ApiKey, KeptAnswer, KeyMinute
from organizations.models import Membership, Role
from organizations.queries import open_organizations
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import job, periodic

MINUTES_KEPT: Final = timedelta(hours=1)
ANSWERS_KEPT: Final = timedelta(hours=24)


@job()
def mail_key(*, key_id: str, act: str, by_id: str) -> None:
    """Tell the owners, and who did it, that a key was made or rotated."""
    key = ApiKey.objects.select_related("organization").filter(pk=key_id).first()
    if key is None:
        return
    told = Membership.objects.filter(Q(role=Role.OWNER) | Q(user_id=by_id))
    members = list(told.filter(suspended_at=None).select_related("user"))
    who = next((one.user for one in members if str(one.user_id) == by_id), None)
    for member in members:
        mail_to(
            member.user,
            "api_key",
            key=key,
            act=act,
            who=who,
            organization=key.organization,
            address=absolute(reverse("api:key_detail", args=[key.pk])),
        ).send()


@periodic("17 * * * *")
def sweep_api() -> None:
    """Forget minutes and answers that nobody asks for any more, house by house."""
    for organization_id in open_organizations():
        with no_context(), tenant(organization_id):
            forget_old(timezone.now())


def forget_old(now: datetime) -> None:
    """Delete what is too old in the active organization."""
    KeyMinute.objects.filter(minute__lt=now - MINUTES_KEPT).delete()
    KeptAnswer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
