"""What staff note about a person or an organization."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from organizations.tenancy.models import uuid7

LONGEST: Final = 4_000
# A column each for what a note is about, and for what that is a duplicate of.
SIDES: Final = ("person", "house", "same_person", "same_house")
NOBODYS: Final = "false"


class StaffNoteQuerySet(models.QuerySet["StaffNote"]):
    """Notes by what they say of whom."""

    def about(self, row: Any) -> "StaffNoteQuerySet":
        """Leave the notes of a person or an organization."""
        return self.filter(**{side_of(row): row})

    def pointing_at(self, row: Any) -> "StaffNoteQuerySet":
        """Leave those that call somebody else the same as a row."""
        return self.filter(**{f"same_{side_of(row)}": row})

    def in_order(self) -> "StaffNoteQuerySet":
        """Order with the pinned ones above, the newest first."""
        return self.order_by("-pinned", "-created_at", "-id")


class StaffNote(models.Model):
    """One note of staff about one person, or about one organization (`house`).

    `same_person` or `same_house` says whom they are a duplicate of. No column is
    called after the organization: what is done to a note belongs in the platform's
    log, and not in one that the customer reads.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("person"),
    )
    house = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("organization"),
    )
    same_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("same person as"),
    )
    same_house = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("same organization as"),
    )
    text = models.CharField(_("note"), max_length=LONGEST)
    pinned = models.BooleanField(_("pinned"), default=False, db_default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)

    objects = StaffNoteQuerySet.as_manager()

    rls: ClassVar[dict[str, str]] = {"read": NOBODYS, "write": NOBODYS, "grants": ""}

    archive: ClassVar[dict[str, str]] = {"stays": "staff's own words, for staff alone"}

    class Meta:
        verbose_name = _("staff note")
        verbose_name_plural = _("staff notes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person=None, house__isnull=False)
                | Q(person__isnull=False, house=None),
                name="notes_about_one",
            ),
            models.CheckConstraint(
                condition=Q(same_person=None)
                | Q(person__isnull=False) & ~Q(same_person=F("person")),
                name="notes_same_person",
            ),
            models.CheckConstraint(
                condition=Q(same_house=None)
                | Q(house__isnull=False) & ~Q(same_house=F("house")),
                name="notes_same_house",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="notes_not_empty"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=[side, "-created_at"],
                condition=Q(**{f"{side}__isnull": False}),
                name=f"notes_by_{side}",
            )
            for side in SIDES
        ]

    def __str__(self) -> str:
        return str(self.about)

    @property
    def about(self) -> Any:
        """The person or the organization that the note is about."""
        return self.person if self.person_id else self.house

    @property
    def same_as(self) -> Any:
        """Whom that is a duplicate of; None where the note does not say so."""
        return self.same_person if self.person_id else self.same_house

    @same_as.setter
    def same_as(self, row: Any) -> None:
        side = "person" if self.person_id else "house"
        setattr(self, f"same_{side}", row)

    def is_of(self, user: Any) -> bool:
        """Whether somebody may change it: who wrote it, and superusers."""
        return bool(user.is_superuser or self.written_by_id == user.pk)


def side_of(row: Any) -> str:
    """Return which of the columns holds a row."""
    return "house" if isinstance(row, Organization) else "person"
