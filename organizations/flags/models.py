"""What staff switch on and off: for everybody, and for one organization."""

from typing import ClassVar, Final

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.tenancy.models import TenantModel, Timestamped, uuid7

KEY: Final = r"^[a-z0-9_]+$"


class FeatureFlag(Timestamped):
    """One switch of the product, known to the code by its key.

    `minimum_plan` is the code of a plan, empty for none; `rollout_percent` is how many
    organizations of a hundred have it, null for no rollout. `updated_at` also moves
    when an organization's own switch is changed: processes read by it what is new.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(KEY, _("Small letters, digits and underscores only."))
        ],
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=300, blank=True)
    default_enabled = models.BooleanField(
        _("on by default"), default=False, db_default=False
    )
    minimum_plan = models.CharField(
        _("from plan"), max_length=30, blank=True, default="", db_default=""
    )
    rollout_percent = models.PositiveSmallIntegerField(
        _("rollout in percent"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    is_killed = models.BooleanField(
        _("killed"), default=False, db_default=False, editable=False
    )

    class Meta:
        verbose_name = _("feature flag")
        verbose_name_plural = _("feature flags")
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(key__regex=KEY), name="flags_key_is_a_word"
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="flags_name_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(rollout_percent=None)
                | models.Q(rollout_percent__range=(0, 100)),
                name="flags_rollout_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class OrganizationFeatureFlag(TenantModel):
    """What one organization has instead of what the flag says for everybody."""

    flag = models.ForeignKey(
        FeatureFlag,
        models.PROTECT,
        related_name="overrides",
        db_index=False,
        verbose_name=_("flag"),
    )
    enabled = models.BooleanField(pgettext_lazy("of a switch", "on"))

    # Members are shown what is on and not why: staff alone write.
    rls: ClassVar[dict[str, str]] = {"grants": "SELECT"}

    archive: ClassVar[dict[str, str]] = {"stays": "staff decide what is on here"}

    class Meta(TenantModel.Meta):
        verbose_name = _("organization's own flag")
        verbose_name_plural = _("organizations' own flags")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "flag"], name="flags_override_uniq"
            ),
        ]
        indexes: ClassVar = [
            # Asked before a flag is deleted, across organizations.
            models.Index(fields=["flag"], name="flags_override_flag"),
        ]

    def __str__(self) -> str:
        return f"{self.flag_id} {self.enabled}"
