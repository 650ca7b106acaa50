"""How much an organization has of the things that a plan limits."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import TenantModel


class Key(models.TextChoices):
    """What can be limited, by the name it has in an organization's limits."""

    MEMBERS = "members", _("Seats")
    TASKS = "tasks", _("Tasks")
    STORAGE = "storage_bytes", _("Storage")
    API_KEYS = "api_keys", _("API keys")
    WEBHOOKS = "webhooks", _("Webhooks")


class Usage(TenantModel):
    """How much of one thing one organization has; files in the trash count.

    Seats are counted where they are given, and have a row for their warnings only.
    """

    key = models.CharField(_("what"), max_length=20, choices=Key)
    used = models.BigIntegerField(_("in use"), default=0, db_default=0)
    # The share of the limit that its payers were last told of: 80, 100, or nothing.
    warned_percent = models.SmallIntegerField(default=0, db_default=0, editable=False)

    archive: ClassVar[dict[str, str]] = {"stays": "counted anew where the rows arrive"}

    class Meta(TenantModel.Meta):
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="limits_usage_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(key__in=Key.values), name="limits_usage_key"
            ),
            models.CheckConstraint(
                condition=models.Q(used__gte=0), name="limits_usage_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.used}"
