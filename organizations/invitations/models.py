"""Invitations: to one address, or by a link that several people may use."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Role
from organizations.teams.models import Team
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.managers import TenantManager, TenantQuerySet
from organizations.tenancy.models import TenantModel

UNANSWERED = models.Q(accepted_at=None, declined_at=None, revoked_at=None)


class State(models.TextChoices):
    """What has become of an invitation; worked out from its moments."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    USED_UP = "used_up", _("Used up")


class InvitationQuerySet(TenantQuerySet):
    """Invitations by what has become of them."""

    def waiting(self) -> "InvitationQuerySet":
        """Return those nobody has answered or withdrawn, expired ones included."""
        return self.filter(UNANSWERED)

    def holding_a_seat(self) -> "InvitationQuerySet":
        """Return those that keep a seat free for somebody."""
        return self.waiting().exclude(email="").filter(expires_at__gt=Now())


class InvitationManager(TenantManager.from_queryset(InvitationQuerySet)):  # type: ignore[misc]
    """Invitations of the active organization."""


class Invitation(TenantModel):
    """One way into an organization: for one address, or by link without any.

    Only the token's hash is kept. A mailed one has none until its mail is written,
    and a new one with each mail. `inviter` is null once their account is deleted.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    # Gone with the team, while the invitation stays.
    team = TenantForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, null=True, editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, editable=False)
    asked_again_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    # Of links alone: how often, and the domains whose addresses may use it.
    max_uses = models.PositiveIntegerField(null=True)
    uses = models.PositiveIntegerField(default=0)
    allowed_domains = models.JSONField(default=list)

    objects = InvitationManager()  # type: ignore[misc]

    archive: ClassVar[dict[str, Any]] = {
        "columns": {"token_hash": "it lets somebody in; send the invitation again"}
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=UNANSWERED & ~models.Q(email=""),
                name="invitations_one_per_address",
            ),
            models.UniqueConstraint(
                fields=["organization", "token_hash"], name="invitations_token_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitations_email_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["admin", "member", "viewer"]),
                name="invitations_role",
            ),
            models.CheckConstraint(
                condition=models.Q(max_uses=None)
                | models.Q(uses__lte=models.F("max_uses")),
                name="invitations_uses",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-id"],
                condition=UNANSWERED,
                name="invitations_waiting",
            ),
            models.Index(fields=["inviter"], name="invitations_inviter"),
            models.Index(fields=["organization", "team"], name="invitations_team"),
        ]

    def __str__(self) -> str:
        return self.email or str(_("Link"))

    @property
    def is_link(self) -> bool:
        return not self.email

    @property
    def state(self) -> State:
        """What has become of it; whatever was done last comes first."""
        if self.revoked_at:
            return State.REVOKED
        if self.declined_at:
            return State.DECLINED
        if self.accepted_at:
            return State.ACCEPTED
        if self.max_uses is not None and self.uses >= self.max_uses:
            return State.USED_UP
        if self.expires_at <= timezone.now():
            return State.EXPIRED
        return State.OPEN

    def takes(self, user: Any) -> bool:
        """Return whether a person's address is one that this is meant for."""
        if not self.is_link:
            return bool(user.email == self.email)
        domain = user.email.rpartition("@")[2]
        return not self.allowed_domains or domain in self.allowed_domains
