"""Organizations, who belongs to them, and where each person was last."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from organizations.base import OrganizationBase, OrganizationUserBase
from organizations.preferences import (
    default_preferences,
    preferred,
    valid_preferences,
)
from organizations.tenancy.fields import OrganizationKey, TenantForeignKey
from organizations.tenancy.models import TenantModel, Timestamped, uuid7
from organizations.tenancy.rules import MODE, ORG, USER

# For so long the owners can take a deletion back.
DAYS_RESTORABLE: Final = 30
RESTORABLE: Final = timedelta(days=DAYS_RESTORABLE)
PAID_HERE: Final = "what is paid for, where it is paid"


def files_of(organization_id: Any) -> str:
    """Return the folder that an organization's files are in."""
    return f"org/{organization_id}"


def logo_path(organization: "Organization", name: str) -> str:
    """Return where an organization's logo is kept."""
    return f"{files_of(organization.pk)}/{name}"


class Role(models.TextChoices):
    """What a member may do; organizations.permissions says what exactly."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class Standing(models.TextChoices):
    """What an organization's bills leave it: everything, reading, or only paying."""

    GOOD = "good", _("Good")
    READ_ONLY = "read_only", _("Read-only")
    SUSPENDED = "suspended", _("Suspended")


class Organization(Timestamped, OrganizationBase):
    """One tenant. Billing writes `plan`, `limits`, `limit_overrides` and `standing`.

    `limits` are the effective ones, the overrides included; `over` names those that
    the organization has passed because they became smaller.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("address"),
        max_length=50,
        # The unique index below answers every question about addresses.
        db_index=False,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")],
    )
    task_prefix = models.CharField(
        _("task prefix"),
        max_length=6,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]{1,5}$")],
    )
    logo = models.FileField(_("logo"), upload_to=logo_path, blank=True)
    settings = models.JSONField(
        _("preferences"),
        default=default_preferences,
        blank=True,
        validators=[valid_preferences],
    )
    joining_role = models.CharField(
        _("role of newcomers"),
        max_length=10,
        choices=Role,
        default=Role.MEMBER,
        db_default=Role.MEMBER,
    )
    metadata = models.JSONField(default=dict, blank=True)
    plan = models.CharField(_("plan"), max_length=30, default="free", editable=False)
    limits = models.JSONField(default=dict, blank=True, editable=False)
    # Written by staff: a number replaces the plan's, null lifts it.
    limit_overrides = models.JSONField(
        default=dict, db_default={}, blank=True, editable=False
    )
    # So often a minute may each key of the organization ask.
    api_per_minute = models.PositiveIntegerField(
        default=60, db_default=60, editable=False
    )
    standing = models.CharField(
        _("standing"),
        max_length=10,
        choices=Standing,
        default=Standing.GOOD,
        db_default=Standing.GOOD,
        editable=False,
    )
    over = models.JSONField(default=list, db_default=[], blank=True, editable=False)
    requires_second_factor = models.BooleanField(
        _("asks for a second step"), default=False, db_default=False
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = models.Manager()

    archive: ClassVar[dict[str, Any]] = {
        "columns": {
            "plan": PAID_HERE,
            "limits": PAID_HERE,
            "limit_overrides": PAID_HERE,
            "api_per_minute": PAID_HERE,
            "standing": PAID_HERE,
            "over": PAID_HERE,
            "deleted_at": "what arrives is open",
            "updated_at": "moved by whatever is written of the above",
        }
    }

    # Deleting is for the operator: the cascade takes everything the tenant has.
    rls: ClassVar[dict[str, str]] = {
        "read": f"id = {ORG} OR app.is_my_organization(id)",
        "write": f"id = {ORG}",
        "grants": "SELECT, INSERT, UPDATE",
    }

    class Meta(OrganizationBase.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("slug"),
                condition=models.Q(deleted_at=None),
                name="organizations_slug_uniq",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="organizations_name_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(joining_role__in=[Role.MEMBER, Role.VIEWER]),
                name="organizations_joining_role",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values),
                name="organizations_standing",
            ),
        ]

    @property
    def restorable_until(self) -> datetime | None:
        """When a deleted organization is gone for good; None for one that is open."""
        return self.deleted_at and self.deleted_at + RESTORABLE

    def preference(self, key: str) -> Any:
        """Return what the organization prefers in a matter of the schema."""
        return preferred(self.settings, key)

    def limit(self, key: str) -> int | None:
        """Return the organization's limit for a thing; None means no limit."""
        return self.limits.get(key)


class CustomRole(TenantModel):
    """One set of abilities that an organization has put together upon a role.

    Whoever has it has these abilities instead of the role's, which it falls back to.
    """

    name = models.CharField(_("name"), max_length=50)
    base = models.CharField(
        _("built on"), max_length=10, choices=Role, default=Role.MEMBER
    )
    abilities = models.JSONField(_("abilities"), default=list)

    # A person's own are read before an organization is active.
    rls: ClassVar[dict[str, str]] = {
        "read": f"organization_id = {ORG} OR app.is_my_organization(organization_id)",
        "write": f"organization_id = {ORG}",
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization", Lower("name"), name="organizations_role_uniq"
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="organizations_role_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(base__in=[Role.ADMIN, Role.MEMBER, Role.VIEWER]),
                name="organizations_role_base",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel, OrganizationUserBase):
    """One person's place in one organization; suspended ones cannot enter."""

    organization = OrganizationKey(related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        db_index=False,
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    # Emptied by a trigger when the role changes: it was built on the other one.
    custom_role = TenantForeignKey(
        CustomRole,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="memberships",
        db_index=False,
    )
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How much is new in the person's inbox, where the request's statement knows it.
    unread: int | None = None

    # Everybody's own memberships, before any organization is active: the policy
    # shows a person no others.
    own = models.Manager()

    rls: ClassVar[dict[str, str]] = {
        "read": f"organization_id = {ORG} OR user_id = {USER}",
        "write": f"organization_id = {ORG}",
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="organizations_membership_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="organizations_membership_role",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER) | models.Q(custom_role=None),
                name="organizations_owner_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user"], name="organizations_membership_user"),
            models.Index(
                fields=["organization", "custom_role"],
                condition=~models.Q(custom_role=None),
                name="organizations_membership_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"

    @property
    def role_name(self) -> str:
        """What the member's role is called, a custom one by its own name."""
        if self.custom_role is not None:
            return self.custom_role.name
        return str(Role(self.role).label)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    def is_last_owner(self) -> bool:
        """Return whether the organization would have no owner without this member."""
        if self.role != Role.OWNER or self.is_suspended:
            return False
        others = able_owners().filter(organization=self.organization_id)
        return not others.exclude(pk=self.pk).exists()


def able_owners() -> models.QuerySet[Membership]:
    """Return the owners who can enter their organizations now."""
    banned = models.Q(user__banned=True) & (
        models.Q(user__ban_expires_at=None) | models.Q(user__ban_expires_at__gt=Now())
    )
    owners = Membership.objects.filter(
        role=Role.OWNER, suspended_at=None, user__is_active=True
    )
    return owners.exclude(banned)


def owned_alone(user: Any) -> list[Organization]:
    """Return the open organizations that would have no owner without a person.

    Inside an organization it answers for that one, as staff for all.
    """
    own = Membership.objects.filter(user=user, role=Role.OWNER, suspended_at=None)
    others = able_owners().filter(organization_id=models.OuterRef("organization_id"))
    alone = own.exclude(models.Exists(others.exclude(user=user)))
    found = Organization.objects.filter(is_active=True, deleted_at=None)
    return list(found.filter(pk__in=alone.values("organization_id")).order_by("name"))


class FormerAddress(TenantModel):
    """One address that an organization had before; it goes on leading there."""

    slug = models.SlugField(max_length=50, db_index=False)
    left_at = models.DateTimeField()

    # Asked for before the organization is entered: the policy shows a person only
    # those of organizations they are in.
    own = models.Manager()

    archive: ClassVar[dict[str, str]] = {"stays": "they lead to whoever had them, here"}

    rls: ClassVar[dict[str, str]] = {
        "read": f"organization_id = {ORG} OR app.is_my_organization(organization_id)",
        "write": f"organization_id = {ORG}",
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "slug"], name="organizations_former_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["slug"], name="organizations_former_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class LastOrganization(models.Model):
    """The organization a person worked in last, entered again at the next sign-in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="last_organization",
    )
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

    archive: ClassVar[dict[str, str]] = {
        "stays": "where a person was last is the person's"
    }

    rls: ClassVar[dict[str, Any]] = {
        "read": f"user_id = {USER} OR {MODE} = 'identity'",
        "write": f"user_id = {USER}",
    }

    def __str__(self) -> str:
        return str(self.organization_id)


class ExternalOrganization(models.Model):
    """What an organization is in another system that it was brought over from."""

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="external_identities",
        editable=False,
    )
    provider = models.CharField(_("system"), max_length=40)
    external_id = models.CharField(_("id there"), max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    archive: ClassVar[dict[str, str]] = {
        "stays": "who it is elsewhere is said once in an installation"
    }

    rls: ClassVar[dict[str, Any]] = {
        "read": f"organization_id = {ORG}",
        "write": f"organization_id = {ORG}",
    }

    class Meta:
        verbose_name = _("organization elsewhere")
        verbose_name_plural = _("organizations elsewhere")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="organizations_external_uniq"
            ),
            models.CheckConstraint(
                condition=~models.Q(provider="") & ~models.Q(external_id=""),
                name="organizations_external_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"
