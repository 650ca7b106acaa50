"""Files that belong to a task."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel
from tasks.models import Task


class Attachment(SoftDeleteModel):
    """One file of one task; a removed one can be brought back for thirty days."""

    task = TenantForeignKey(
        Task, models.CASCADE, related_name="attachments", db_index=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    # Bytes of the small drawing beside a picture; nothing else has one.
    thumbnail_size = models.PositiveIntegerField(default=0, db_default=0)
    content_type = models.CharField(_("kind"), max_length=100)
    path = models.CharField(max_length=120, editable=False)

    archive: ClassVar[dict[str, Any]] = {"files": ["path"]}

    class Meta(SoftDeleteModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "path"], name="attachments_path_uniq"
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="attachments_name_not_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "task", "created_at", "id"],
                name="attachments_of_task",
            ),
            models.Index(
                fields=["organization", "uploaded_by"], name="attachments_by_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.thumbnail_size > 0

    @property
    def thumbnail_path(self) -> str:
        return f"{self.path}-small.webp" if self.is_picture else ""

    @property
    def kept_bytes(self) -> int:
        """What the file takes of the organization's room."""
        return self.size + self.thumbnail_size
