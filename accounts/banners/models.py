"""Announcements above the pages, and who has put them away."""

from datetime import datetime
from typing import ClassVar, Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid_utils.compat import uuid7

from accounts.models import User

LONGEST: Final = 300


class Placement(models.TextChoices):
    """On which pages a banner stands."""

    LANDING = "landing", _("Pages for everybody")
    APP = "app", _("Pages of the product")
    EVERYWHERE = "everywhere", _("All pages")


class Variant(models.TextChoices):
    """How grave it is, the least first."""

    INFO = "info", _("Information")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", pgettext_lazy("of a banner", "Critical")


class State(models.TextChoices):
    """Where a banner is in its time."""

    SCHEDULED = "scheduled", _("Scheduled")
    SHOWING = "showing", _("Showing")
    OVER = "over", _("Over")


class BannerQuerySet(models.QuerySet["Banner"]):
    """Banners by their time."""

    def not_over(self) -> "BannerQuerySet":
        """Leave those that show now or will."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))

    def gravest_first(self) -> "BannerQuerySet":
        """Order as `Banner.rank` does, the other way round."""
        places = enumerate(Variant.values)
        whens = [models.When(variant=each, then=place) for place, each in places]
        return self.order_by(models.Case(*whens).desc(), "-starts_at", "-id")


class Banner(models.Model):
    """One announcement of the platform to everybody.

    It shows from `starts_at` until `ends_at`; null is no end. A critical one cannot be
    put away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    placement = models.CharField(
        _("where"), max_length=10, choices=Placement, default=Placement.EVERYWHERE
    )
    variant = models.CharField(
        _("kind"), max_length=10, choices=Variant, default=Variant.INFO
    )
    text = models.CharField(_("text"), max_length=LONGEST)
    link = models.CharField(
        _("link"),
        max_length=500,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                r"^(https?://[^\s/]|/(?![/\\]))\S*$",
                _("An address that begins with https:// or, on this server, with /."),
            )
        ],
    )
    link_text = models.CharField(
        _("words of the link"), max_length=60, blank=True, default=""
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    dismissible = models.BooleanField(_("people may put it away"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BannerQuerySet.as_manager()

    class Meta:
        verbose_name = _("banner")
        verbose_name_plural = _("banners")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(placement__in=Placement.values), name="banners_placement"
            ),
            models.CheckConstraint(
                condition=Q(variant__in=Variant.values), name="banners_variant"
            ),
            models.CheckConstraint(
                condition=~Q(variant=Variant.CRITICAL) | Q(dismissible=False),
                name="banners_critical_stays",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="banners_ends_after_its_start",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="banners_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """What decides between two: the gravest, then the newest."""
        return Variant.values.index(self.variant), self.starts_at, str(self.pk)

    @property
    def state(self) -> State:
        """Where the banner is in its time now."""
        now = timezone.now()
        if self.starts_at > now:
            return State.SCHEDULED
        is_over = self.ends_at is not None and self.ends_at <= now
        return State.OVER if is_over else State.SHOWING

    def stands_on(self, placement: str) -> bool:
        """Return whether it belongs on the pages of a placement."""
        return self.placement in (placement, Placement.EVERYWHERE)


class BannerDismissal(models.Model):
    """One person who has put one banner away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    banner = models.ForeignKey(
        Banner, models.CASCADE, related_name="dismissals", db_index=False
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    rls: ClassVar[dict[str, str]] = {
        "read": "user_id = app.current_user_id()",
        "write": "user_id = app.current_user_id()",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "banner"], name="banners_dismissal_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["banner"], name="banners_dismissal_banner"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.banner_id}"
