"""One stay of a member of staff in another person's place."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import IDENTITY

REASON_LENGTH: Final = 500
# In minutes; the first is not the default.
LENGTHS: Final = (15, 30, 60)
USUAL_LENGTH: Final = 30
ROWS: Final = "SELECT, INSERT, UPDATE"
PERMISSION: Final = "impersonation.start_impersonation"


class Ended(models.TextChoices):
    """Why a stay is over."""

    STOPPED = "stopped", _("Stopped by hand")
    TIME = "time", _("Its time was up")
    STAFF = "staff", _("Staff rights were taken")
    PERSON = "person", _("The person's account was closed")
    ORGANIZATION = "organization", _("The organization was closed to the person")


class Impersonation(models.Model):
    """One stay: who of the staff, as whom, where, why, from when until when.

    It belongs to the session whose row names it. `organization_id` is the one
    organization that is shown; None for a person who is shown without any. What was
    looked at is in that organization's audit log.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("staff"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("as"),
    )
    organization_id = models.UUIDField(_("organization"), null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, editable=False)
    started_at = models.DateTimeField(_("started"), db_default=Now(), editable=False)
    ends_at = models.DateTimeField(_("ends"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    why = models.CharField(
        _("why it ended"), max_length=12, choices=Ended, blank=True, editable=False
    )

    rls: ClassVar[dict[str, str]] = {
        "read": IDENTITY,
        "write": IDENTITY,
        "grants": ROWS,
        "operator_grants": ROWS,
    }

    class Meta:
        verbose_name = _("impersonation")
        verbose_name_plural = _("impersonations")
        # Nobody adds, changes or deletes one by hand; starting one is a right apart.
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("start_impersonation", _("Can look on as a person")),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"],
                condition=models.Q(ended_at=None),
                name="impersonation_open",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None, why="")
                | models.Q(ended_at__isnull=False, why__in=Ended.values),
                name="impersonation_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(staff=models.F("person")),
                name="impersonation_of_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def minutes_left(self) -> int:
        """How many minutes are left, a begun one counted."""
        seconds = (self.ends_at - timezone.now()).total_seconds()
        return max(0, -int(-seconds // 60))

    def over(self, staff: Any) -> str:
        """Return why the stay is over, as far as people tell; nothing while it goes on.

        `staff` is whom the session is of now.
        """
        if self.ended_at is not None:
            return self.why
        if staff.pk != self.staff_id or not (staff.is_staff and staff.may_sign_in):
            return Ended.STAFF
        if not may_be_shown(self.person):
            return Ended.PERSON
        return Ended.TIME if self.ends_at <= timezone.now() else ""


def may_be_shown(person: Any) -> bool:
    """Whether staff may look on as a person: no staff, and the account is open."""
    works_here = person.is_staff or person.is_superuser
    return person.may_sign_in and not works_here
