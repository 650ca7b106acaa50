"""Plans that can be had, and each organization's subscription to one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.models import TenantModel, Timestamped


class Plan(Timestamped):
    """One plan, known by its code; a higher rank includes what a lower one has.

    `limits` holds members, tasks, storage_bytes, api_keys and webhooks as whole
    numbers; a missing key means no limit. Prices are in cents a month.
    """

    code = models.SlugField(_("code"), primary_key=True, max_length=30)
    name = models.CharField(_("name"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    monthly_cents = models.PositiveIntegerField(_("price a month"), default=0)
    limits = models.JSONField(_("limits"), default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["rank"]

    def __str__(self) -> str:
        return self.name


class SubscriptionStatus(models.TextChoices):
    """Stripe's own words for the state of a subscription."""

    ACTIVE = "active", _("Active")
    TRIALING = "trialing", _("Trial")
    PAST_DUE = "past_due", _("Past due")
    CANCELED = "canceled", _("Canceled")
    INCOMPLETE = "incomplete", _("Incomplete")


class Subscription(TenantModel):
    """The one live subscription of an organization."""

    organization = OrganizationKey(related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=SubscriptionStatus,
        default=SubscriptionStatus.INCOMPLETE,
    )
    seats = models.PositiveIntegerField(_("seats"), default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], name="billing_subscription_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=SubscriptionStatus.values),
                name="billing_subscription_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.status}"
