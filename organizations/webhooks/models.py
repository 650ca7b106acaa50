"""Endpoints of other programs, what is delivered to them, and each try."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.events.catalogue import EVENTS, UNSENT
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel

URL_LENGTH: Final = 1000
DESCRIPTION_LENGTH: Final = 200
# For so long both secrets sign after a new one was made.
ROTATION: Final = timedelta(hours=24)
# One that answers is called several times at once; one that fails, once at a time.
AT_ONCE: Final = 4
TEST: Final = "webhook.test"


class Reason(models.TextChoices):
    """Why we stopped sending to an endpoint."""

    GONE = "gone", _("It answered 410, which means that nothing is wanted there.")
    FAILING = "failing", _("Every try of five days failed.")
    KEYLESS = "keyless", _("Its secret can no longer be read. Make a new one.")


class Endpoint(SoftDeleteModel):
    """One address of another program that is told of an organization's events.

    `failing_since` is the first failure after the last success, and `starts_after` the
    place of the last event that it is not told of: what happened before it was there.
    """

    url = models.CharField(_("address"), max_length=URL_LENGTH)
    description = models.CharField(
        _("description"), max_length=DESCRIPTION_LENGTH, blank=True
    )
    # Names of events, or task.* for all of a group; none means every event.
    events = models.JSONField(_("events"), default=list)
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(_("paused"), null=True, editable=False)
    disabled_at = models.DateTimeField(_("disabled"), null=True, editable=False)
    disabled_for = models.CharField(
        max_length=10, choices=Reason, blank=True, editable=False
    )
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    starts_after = models.BigIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )

    archive: ClassVar[dict[str, str]] = {
        "stays": "their secrets sign what receivers believe; make new ones"
    }

    class Meta(SoftDeleteModel.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(disabled_for__in=["", *Reason.values]),
                name="webhooks_endpoint_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_url

    @property
    def shown_url(self) -> str:
        """The address as logs may have it: a query may well hold a key."""
        return urlsplit(self.url)._replace(query="", fragment="").geturl()

    @property
    def name(self) -> str:
        """What people call it: the description, or else the address."""
        return self.description or self.shown_url

    @property
    def chosen(self) -> int:
        """How many events were chosen; of a whole group, each of its events."""
        return sum(map(self.wants, EVENTS)) if self.events else len(EVENTS)

    @property
    def is_open(self) -> bool:
        """Whether anything is sent there now."""
        return not (self.paused_at or self.disabled_at or self.deleted_at)

    @property
    def state(self) -> str:
        """What becomes of events now: disabled, paused, failing or receiving."""
        if self.disabled_at:
            return "disabled"
        if self.paused_at:
            return "paused"
        return "failing" if self.failing_since else "receiving"

    @property
    def at_once(self) -> int:
        """How many calls it gets at the same time."""
        return 1 if self.failing_since else AT_ONCE

    @property
    def is_rotating(self) -> bool:
        """Whether the secret before the present one still signs."""
        return self.former_until is not None and self.former_until > timezone.now()

    def wants(self, action: str) -> bool:
        """Whether an event is one that it is told of."""
        if action in UNSENT:
            return False
        group = action.partition(".")[0]
        return not self.events or action in self.events or f"{group}.*" in self.events


class State(models.TextChoices):
    """What has become of a delivery."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Failure(models.TextChoices):
    """Why a try did not succeed."""

    STATUS = "status", _("The answer was not a success.")
    REDIRECT = "redirect", _("The answer leads elsewhere, which is not followed.")
    TIMEOUT = "timeout", _("The answer was not complete in time.")
    UNKNOWN_HOST = "unknown_host", _("The host cannot be found.")
    REFUSED = "refused", _("The address is private or not a public one.")
    UNREACHABLE = "unreachable", _("Nobody takes the call.")
    CERTIFICATE = "certificate", _("The certificate cannot be trusted.")
    BROKEN = "broken", _("The connection broke.")
    UNREADABLE = "unreadable", _("The answer is not HTTP.")
    STOPPED = "stopped", _("The endpoint was disabled before it was delivered.")


class Delivery(TenantModel):
    """One event for one endpoint, delivered or not; its tries are attempts.

    `tries` counts those since it was made or last replayed. While one is under way,
    `sending_until` says how long it can last: later whoever was at it is dead.
    """

    endpoint = TenantForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    # An audit entry's id; a test has one of its own.
    event_id = models.UUIDField(_("event"))
    event_type = models.CharField(_("type"), max_length=80)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PENDING
    )
    next_try_at = models.DateTimeField(_("next try"), null=True)
    sending_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Whether the very first try succeeded; None before it.
    first_try_ok = models.BooleanField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_failure = models.CharField(max_length=20, choices=Failure, blank=True)
    last_milliseconds = models.PositiveIntegerField(null=True)

    archive: ClassVar[dict[str, str]] = {
        "stays": "what was sent to endpoints, which stay"
    }

    class Meta(TenantModel.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "endpoint", "event_id"],
                name="webhooks_delivery_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values),
                name="webhooks_delivery_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "endpoint", "-created_at", "-id"],
                name="webhooks_delivery_newest",
            ),
            models.Index(
                fields=["organization", "endpoint", "next_try_at"],
                condition=models.Q(state="pending"),
                name="webhooks_delivery_due",
            ),
            models.Index(
                fields=["organization", "endpoint", "-created_at"],
                condition=models.Q(state="failed"),
                name="webhooks_delivery_failed",
            ),
            models.Index(
                fields=["organization", "created_at"], name="webhooks_delivery_oldest"
            ),
        ]

    def __str__(self) -> str:
        return self.event_type

    @property
    def took(self) -> str:
        """How long the last try took, in words."""
        return milliseconds_words(self.last_milliseconds)

    @property
    def can_be_replayed(self) -> bool:
        """Whether it is over, or waits for a try that is not due yet."""
        is_over = self.state != State.PENDING
        return is_over or bool(self.tries and self.next_try_at)

    @property
    def is_test(self) -> bool:
        return self.event_type == TEST


class Attempt(TenantModel):
    """One try of a delivery: what was sent and what came back, as far as it is kept."""

    delivery = TenantForeignKey(Delivery, models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField()
    request_headers = models.JSONField(default=dict)
    status = models.PositiveSmallIntegerField(null=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    milliseconds = models.PositiveIntegerField()
    failure = models.CharField(max_length=20, choices=Failure, blank=True)
    # What the machine said about it.
    detail = models.TextField(blank=True)

    archive: ClassVar[dict[str, str]] = {
        "stays": "what was sent to endpoints, which stay"
    }

    class Meta(TenantModel.Meta):
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "delivery", "-started_at"],
                name="webhooks_attempt_of_delivery",
            ),
        ]

    def __str__(self) -> str:
        return str(self.status or self.failure)

    @property
    def took(self) -> str:
        """How long it took, in words."""
        return milliseconds_words(self.milliseconds)


def milliseconds_words(value: int | None) -> str:
    """Return a time as people read it: 142 ms, 5.0 s."""
    if value is None:
        return "–"
    return f"{value} ms" if value < 1_000 else f"{value / 1000:.1f} s"


def in_flight(now: datetime) -> Any:
    """Return the condition of deliveries that somebody is at."""
    return models.Q(state=State.PENDING, sending_until__gt=now)


def due(now: datetime) -> Any:
    """Return the condition of deliveries whose time has come and nobody is at."""
    free = models.Q(sending_until=None) | models.Q(sending_until__lte=now)
    return free & models.Q(state=State.PENDING, next_try_at__lte=now)
