"""The steps of the set-up, and how far each person has come with them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.onboarding.kinds import NOTE, ORGANIZATION, Kind, kinds
from organizations.tenancy.models import uuid7
from organizations.tenancy.rules import IDENTITY, USER


class WelcomeStep(models.Model):
    """One page of the set-up that newcomers are led through, written by staff.

    Where title and copy are empty, it has the words of its kind. Those who finished
    before it was announced are offered it by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=30, default=NOTE)
    title = models.CharField(
        _("title"),
        max_length=80,
        blank=True,
        help_text=_("Left empty, the step has the words of its kind."),
    )
    copy = models.TextField(
        _("copy"),
        max_length=2_000,
        blank=True,
        help_text=_("In Markdown; it stands below the title."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Small numbers come first.")
    )
    is_enabled = models.BooleanField(_("shown"), default=True)
    is_skippable = models.BooleanField(_("can be skipped"), default=True)
    announced_at = models.DateTimeField(_("announced"), null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        verbose_name = _("welcome step")
        verbose_name_plural = _("welcome steps")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=~models.Q(kind=NOTE),
                name="onboarding_step_once",
                violation_error_message=_("There is such a step already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=NOTE) | ~models.Q(title=""),
                name="onboarding_note_has_title",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=ORGANIZATION) | models.Q(is_skippable=False),
                name="onboarding_organization_stays",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    def clean(self) -> None:
        super().clean()
        if self.kind not in kinds:
            raise ValidationError(_("There is no such kind of step."))
        if self.kind == NOTE and not self.title:
            raise ValidationError({"title": _("Give the note a title.")})
        if self.kind == ORGANIZATION and self.is_skippable:
            words = _("Nobody works without an organization: it cannot be skipped.")
            raise ValidationError({"is_skippable": words})

    @property
    def about(self) -> Kind:
        """What the step's kind says and asks."""
        return kinds.get(self.kind) or kinds[NOTE]

    @property
    def label(self) -> str:
        """The step's name in the progress bar."""
        return self.title if self.kind == NOTE else str(self.about.label)

    @property
    def shown_title(self) -> str:
        return self.title or str(self.about.title)

    @property
    def shown_copy(self) -> str:
        return self.copy or str(self.about.text)


class Outcome(models.TextChoices):
    """What became of a step."""

    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")


class WelcomeProgress(models.Model):
    """What one person did with one step, and when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    step = models.ForeignKey(WelcomeStep, models.CASCADE, related_name="progress")
    outcome = models.CharField(max_length=10, choices=Outcome)
    settled_at = models.DateTimeField(default=timezone.now)

    rls: ClassVar[dict[str, Any]] = {
        "read": f"user_id = {USER} OR {IDENTITY}",
        "write": f"user_id = {USER}",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "step"], name="onboarding_progress_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values),
                name="onboarding_progress_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.outcome}"
