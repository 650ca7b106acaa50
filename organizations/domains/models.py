"""Domains of an organization, and people who ask to join by their address."""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organizations.models import Role
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel
from organizations.tenancy.rules import ORG, USER

RECORD = "insula-verification="
UNANSWERED = models.Q(approved_at=None, denied_at=None)


def new_token() -> str:
    """Return what the domain's DNS has to say; it is no secret."""
    return secrets.token_hex(16)


class Joining(models.TextChoices):
    """How people with an address of the domain get in."""

    INVITED = "invited", _("By invitation only")
    ASKING = "asking", _("By asking, and an owner or admin approves")
    AUTOMATIC = "automatic", _("By themselves")


class OrganizationDomain(TenantModel):
    """One mail domain that an organization wants to prove, or has proven, as its own.

    Several organizations may prove the same one: a firm has more than one house.
    """

    domain = models.CharField(_("domain"), max_length=253)
    token = models.CharField(max_length=32, default=new_token, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    joining = models.CharField(
        _("people join"), max_length=10, choices=Joining, default=Joining.ASKING
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "domain"], name="domains_domain_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(domain=Lower("domain")), name="domains_domain_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["member", "viewer"]), name="domains_role"
            ),
            models.CheckConstraint(
                condition=models.Q(joining__in=Joining.values), name="domains_joining"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["domain"],
                condition=~models.Q(verified_at=None),
                name="domains_proven",
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def record(self) -> str:
        """The text that a TXT record of the domain must have."""
        return RECORD + self.token


class JoinRequest(TenantModel):
    """One person who asked to join through a domain; answered by an owner or admin."""

    domain = TenantForeignKey(OrganizationDomain, models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    # Whoever asks is no colleague yet, whose row one could see.
    name = models.CharField(max_length=201)
    email = models.EmailField(max_length=254)
    approved_at = models.DateTimeField(null=True, editable=False)
    denied_at = models.DateTimeField(null=True, editable=False)

    # One's own requests, whatever organization is active.
    own = models.Manager()

    rls: ClassVar[dict[str, Any]] = {
        "read": f"organization_id = {ORG} OR user_id = {USER}",
        "write": f"organization_id = {ORG}",
    }

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=UNANSWERED,
                name="domains_one_open_request",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user"], name="domains_request_user"),
            models.Index(
                fields=["organization", "domain"], name="domains_request_domain"
            ),
        ]

    def __str__(self) -> str:
        return self.name
