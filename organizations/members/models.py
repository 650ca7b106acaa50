"""Offers of an organization's ownership."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from organizations.models import Membership
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.managers import TenantManager
from organizations.tenancy.models import TenantModel

OPEN = models.Q(accepted_at=None, declined_at=None, withdrawn_at=None)


class OpenOffers(TenantManager):
    """Offers that still wait for their answer."""

    def get_queryset(self) -> models.QuerySet:
        rows = super().get_queryset().filter(OPEN, expires_at__gt=Now())
        people = ("offered_by__user", "offered_to__user")
        return rows.select_related(*people)


class OwnershipOffer(TenantModel):
    """One offer to become an owner; it dies with the membership of either side.

    Who offers either stays an owner beside the other, or becomes an admin.
    """

    offered_by = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    offered_to = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    stays_owner = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    open = OpenOffers()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], condition=OPEN, name="members_one_open_offer"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "offered_by"], name="members_offer_by"
            ),
            models.Index(
                fields=["organization", "offered_to"], name="members_offer_to"
            ),
        ]

    def __str__(self) -> str:
        return str(self.offered_to.user)

    @property
    def is_open(self) -> bool:
        answers = (self.accepted_at, self.declined_at, self.withdrawn_at)
        return answers == (None, None, None) and self.expires_at > timezone.now()
