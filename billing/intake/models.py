"""The events Stripe sent, and what became of each."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.audit.recording import record, using
from organizations.tenancy.rules import IDENTITY


class EventState(models.TextChoices):
    """What became of an event."""

    RECEIVED = "received", _("Received")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Ignored")
    FAILED = "failed", _("Failed")


class StripeEvent(models.Model):
    """One event as Stripe sent it; it arrives outside all organizations.

    `organization` is whose customer it is about, found by our own row and by nothing
    that the event says. It is no key: an event neither holds an organization nor goes
    with it, but ends after its days.
    """

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(_("type"), max_length=100)
    api_version = models.CharField(_("version"), max_length=40, blank=True)
    livemode = models.BooleanField(_("live"))
    stripe_created = models.DateTimeField(_("happened"))
    body = models.JSONField(_("body"))
    received_at = models.DateTimeField(_("received"), db_default=Now())
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=EventState,
        default=EventState.RECEIVED,
        db_default=EventState.RECEIVED,
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    error = models.TextField(_("error"), blank=True, db_default="")
    organization = models.UUIDField(_("organization"), null=True)
    applied_at = models.DateTimeField(_("applied"), null=True)
    mirror_error = models.TextField(_("error of the mirror"), blank=True, db_default="")

    rls: ClassVar[dict[str, Any]] = {"read": IDENTITY, "write": IDENTITY}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "id"], name="intake_event_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=EventState.values),
                name="intake_event_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be applied, for the first time or again."""
        return self.state in {EventState.RECEIVED, EventState.FAILED}

    @property
    def subject(self) -> dict[str, Any]:
        """The object it is about, as it was when it happened."""
        data = self.body.get("data")
        found = data.get("object") if isinstance(data, dict) else None
        return found if isinstance(found, dict) else {}

    def begin(self) -> None:
        """Count one more try."""
        self.tries += 1
        self.save(update_fields=["tries"])

    def finish(self, state: str, organization: UUID | None = None) -> None:
        """Write that it needs no further work."""
        self.state, self.organization, self.error = state, organization, ""
        self.applied_at = timezone.now()
        self.save(update_fields=["state", "organization", "error", "applied_at"])

    def wait(self, error: Exception) -> None:
        """Write why it has to be tried again."""
        self.error = str(error)
        self.save(update_fields=["error"])

    def fail(self, error: Exception, organization: UUID | None) -> None:
        """Write why it was given up, until somebody replays it."""
        self.state, self.organization = EventState.FAILED, organization
        self.error = f"{type(error).__name__}: {error}"
        self.save(update_fields=["state", "organization", "error"])

    def replay(self, *, by: Any) -> None:
        """Have it applied again, whatever became of it."""
        with transaction.atomic(using=using()):
            before = {"state": self.state}
            self.state, self.error = EventState.RECEIVED, ""
            self.save(update_fields=["state", "error"])
            record("stripe_event.replayed", self, by=by, before=before)
