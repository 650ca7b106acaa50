"""Mail about the ownership of an organization."""

from django.urls import reverse

from accounts.mail import absolute, mail_to
from organizations.members.models import OwnershipOffer
from organizations.tenancy.jobs import job


@job()
def mail_offer(*, offer_id: str) -> None:
    """Tell the receiver of an offer, unless it is gone."""
    offer = OwnershipOffer.open.filter(pk=offer_id).first()
    if offer is not None:
        mail_to(
            offer.offered_to.user,
            "ownership_offered",
            offer=offer,
            organization=offer.organization,
            address=absolute(reverse("members:ownership")),
        ).send()
