"""The pictures of an organization."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.pictures import version
from organizations.audit.recording import record, using
from organizations.models import RESTORABLE
from organizations.tenancy.models import SoftDeleteModel

NAME_LENGTH: Final = 200
ALT_LENGTH: Final = 500


class Image(SoftDeleteModel):
    """One picture that an organization keeps; its files go when the trash is emptied."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    alt = models.TextField(_("description"), max_length=ALT_LENGTH, blank=True)
    # Where the picture is in the storage; its thumbnail stands beside it.
    file = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(_("type"), max_length=50, editable=False)
    size = models.BigIntegerField(_("size"), default=0, db_default=0, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    # Null for what a program uploaded with a key.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )

    archive: ClassVar[dict[str, Any]] = {"files": ["file"]}

    class Meta(SoftDeleteModel.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(name=""), name="gallery_image_name_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=0), name="gallery_image_size"
            ),
        ]
        indexes: ClassVar = [
            *SoftDeleteModel.Meta.indexes,
            models.Index(
                fields=["organization", "-deleted_at", "-id"],
                condition=~models.Q(deleted_at=None),
                name="gallery_image_trash",
            ),
            models.Index(
                fields=["organization", "uploaded_by"], name="gallery_image_uploader"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """What makes an address this very picture's, for browsers to keep."""
        return version(self.file)

    @property
    def purged_on(self) -> datetime | None:
        """When a picture of the trash is gone for good; None for one that is not."""
        return self.deleted_at and self.deleted_at + RESTORABLE

    def edit(self, *, by: Any, **changes: str) -> bool:
        """Name or describe the picture; False when it is so already, or gone."""
        with transaction.atomic(using=using()):
            kept = Image.objects.select_for_update().filter(pk=self.pk).first()
            before = {
                name: getattr(kept, name)
                for name, value in changes.items()
                if kept is not None and getattr(kept, name) != value
            }
            if not before:
                return False
            after = {name: changes[name] for name in before}
            Image.objects.filter(pk=self.pk).update(**after)
            record("image.changed", self, by=by, before=before, after=after)
        return True

    def remove(self, *, by: Any) -> bool:  # type: ignore[override]
        """Put the picture in the trash; False when it is there already."""
        with transaction.atomic(using=using()):
            removed = Image.objects.filter(pk=self.pk).remove() == 1
            if removed:
                record("image.removed", self, by=by)
        return removed

    def restore(self, *, by: Any) -> bool:  # type: ignore[override]
        """Take the picture out of the trash; False when it is not there."""
        with transaction.atomic(using=using()):
            restored = Image.with_trash.filter(pk=self.pk).restore() == 1
            if restored:
                record("image.restored", self, by=by)
        return restored
