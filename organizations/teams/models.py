"""Teams, and who is in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel

NAME_RULE = "teams_name_uniq"


class Team(SoftDeleteModel):
    """One group of an organization's people; a removed one can be brought back."""

    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=500, blank=True)

    class Meta(SoftDeleteModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                condition=models.Q(deleted_at=None),
                name=NAME_RULE,
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="teams_name_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMembership(TenantModel):
    """One person's place in one team; it ends with their place in the organization.

    The database keeps that by a key of its own (0002): (organization, user) is a
    membership's.
    """

    team = TenantForeignKey(
        Team, models.CASCADE, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="team_memberships",
        db_index=False,
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "team", "user"], name="teams_membership_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "team"], name="teams_membership_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.user_id}"
