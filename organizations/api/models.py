"""Keys of other programs, what they did once, and how often they ask."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.api.offered import in_words
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel

# How long the former secret of a rotated key is still taken.
OVERLAP: Final = timedelta(hours=24)


class ApiKey(TenantModel):
    """One program that acts for an organization, with what it may do.

    It belongs to the organization and outlives the membership of who made it. Of its
    secret only a hash is kept, and the first letters to know it by.
    """

    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # After a rotation: the secret before this one, and until when it is taken.
    former_digest = models.CharField(max_length=64, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    scopes = models.JSONField(pgettext_lazy("of a key", "may"), default=list)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_from = models.GenericIPAddressField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )

    archive: ClassVar[dict[str, str]] = {"stays": "keys let programs in; make new ones"}

    class Meta(TenantModel.Meta):
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "digest"], name="api_key_digest"
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="api_key_name_not_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "former_digest"],
                condition=~models.Q(former_digest=""),
                name="api_key_former",
            ),
            models.Index(
                fields=["organization", "-created_at", "-id"], name="api_key_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def state(self) -> str:
        """The word of its state: active, expired or revoked."""
        if self.is_revoked:
            return "revoked"
        return "expired" if self.is_expired else "active"

    @property
    def overlaps_until(self) -> datetime | None:
        """Until when the secret before the present one is taken; None if it is not."""
        until = self.former_until
        return until if until is not None and until > timezone.now() else None

    @property
    def days_left(self) -> int | None:
        """Days until it expires, a begun one counting; None for one that never does."""
        if self.expires_at is None:
            return None
        return -((timezone.now() - self.expires_at) // timedelta(days=1))

    @property
    def scopes_in_words(self) -> list[str]:
        return in_words(self.scopes)

    def may(self, ability: str) -> bool:
        return ability in self.scopes


class KeptAnswer(TenantModel):
    """What a key was answered to a POST that named an Idempotency-Key; kept a day.

    It is written in the transaction of the change: asked again, the change is not made
    again, and the answer is the same.
    """

    key = TenantForeignKey(ApiKey, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    archive: ClassVar[dict[str, str]] = {"stays": "answers to keys, which stay"}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "key", "name"], name="api_answer_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "created_at"], name="api_answer_old"),
        ]

    def __str__(self) -> str:
        return self.name


class KeyMinute(TenantModel):
    """How often a key asked within one minute, for the limit of its plan."""

    key = TenantForeignKey(ApiKey, models.CASCADE, related_name="+", db_index=False)
    minute = models.DateTimeField()
    requests = models.PositiveIntegerField(default=0)

    archive: ClassVar[dict[str, str]] = {"stays": "counts of keys, which stay"}

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "key", "minute"], name="api_minute_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minute} {self.requests}"
