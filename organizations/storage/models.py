"""The bytes that an organization's files take."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import TenantModel


class StorageUse(TenantModel):
    """How many bytes the files of one organization take, the trash included."""

    bytes = models.BigIntegerField(_("bytes in use"), default=0, db_default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("storage in use")
        verbose_name_plural = _("storage in use")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization"], name="storage_use_uniq"),
            models.CheckConstraint(
                condition=models.Q(bytes__gte=0), name="storage_use_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(self.bytes)
