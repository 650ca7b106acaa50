"""What an organization allows staff who look on as one of its members."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.managers import TenantManager
from organizations.tenancy.models import TenantModel

# In hours.
LENGTHS: Final = (1, 24, 72)


class LiveGrants(TenantManager):
    """Grants that are neither over nor taken back."""

    def get_queryset(self) -> models.QuerySet:
        rows = super().get_queryset()
        return rows.filter(revoked_at=None, ends_at__gt=Now())


class SupportGrant(TenantModel):
    """One permission of an owner: staff who look on may change things until it ends.

    It is the organization's, for whoever of the staff looks on, as whichever member.
    """

    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )
    ends_at = models.DateTimeField(_("ends"), editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    live = LiveGrants()

    class Meta(TenantModel.Meta):
        verbose_name = _("write access of staff")
        verbose_name_plural = _("write access of staff")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(revoked_at=None),
                name="support_one_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ends_at:%Y-%m-%d %H:%M}"
