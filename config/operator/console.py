"""What the console shows: each table with the page that records its changes."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.admin import (
    AuthenticatorAdmin,
    EmailAddressAdmin,
    ExternalIdentityAdmin,
    UserSessionAdmin,
)
from accounts.models import ExternalIdentity, User
from billing.admin import InvoiceAdmin
from billing.intake.models import StripeEvent
from billing.models import Invoice, Plan, Subscription
from config.operator.audited import AuditedAdmin, ReadOnlyAdmin
from config.operator.customers import MembershipsAdmin, OrganizationsAdmin, TasksAdmin
from config.operator.machine import JobsAdmin
from config.operator.money import PlansAdmin, SubscriptionsAdmin
from config.operator.people import PeopleAdmin, StaffGroupAdmin
from config.operator.site import site
from config.operator.stripe_events import StripeEventsAdmin
from organizations.admin import (
    AuditEntryAdmin,
    CustomRoleAdmin,
    EntryAdmin,
    ExternalOrganizationAdmin,
)
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.domains.admin import OrganizationDomainAdmin
from organizations.domains.models import OrganizationDomain
from organizations.gallery.admin import ImageAdmin
from organizations.gallery.models import Image
from organizations.invitations.admin import InvitationAdmin
from organizations.invitations.models import Invitation
from organizations.limits.admin import UsageAdmin
from organizations.limits.models import Usage
from organizations.models import (
    CustomRole,
    ExternalOrganization,
    Membership,
    Organization,
)
from organizations.teams.admin import TeamAdmin
from organizations.teams.models import Team
from tasks.attachments.admin import AttachmentAdmin
from tasks.attachments.models import Attachment
from tasks.changesets.admin import ChangeSetAdmin
from tasks.changesets.models import ChangeSet
from tasks.comments.admin import CommentAdmin
from tasks.comments.models import Comment
from tasks.imports.admin import ImportAdmin
from tasks.imports.models import Import
from tasks.labels.admin import LabelAdmin
from tasks.labels.models import Label
from tasks.models import Task


class InvoicesAdmin(ReadOnlyAdmin, InvoiceAdmin):
    """Invoices; Stripe makes and mends them."""

    plural = _("Invoices")


class AuditEntriesAdmin(ReadOnlyAdmin, AuditEntryAdmin):
    """What was recorded inside organizations."""

    plural = _("Audit log")


class PlatformEntriesAdmin(ReadOnlyAdmin, EntryAdmin):
    """What was recorded of people's accounts and of staff."""

    plural = _("Platform log")


class EmailAddressesAdmin(ReadOnlyAdmin, EmailAddressAdmin):
    """Addresses; people change their own."""

    plural = _("E-mail addresses")


class UserSessionsAdmin(ReadOnlyAdmin, UserSessionAdmin):
    """Signed-in browsers."""

    plural = _("Signed-in devices")


class AuthenticatorsAdmin(AuditedAdmin, AuthenticatorAdmin):
    """Second factors; staff take one off whose owner has lost it."""

    plural = _("Second factors")
    noun = "second_factor"
    verbs: ClassVar[dict[str, str]] = {"deleted": "removed"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Many at once would be judged by nobody.
        return obj is not None and super().has_delete_permission(request, obj)

    def label_of(self, obj: Authenticator) -> str:
        return f"{obj.user}: {obj}"


class ExternalIdentitiesAdmin(ReadOnlyAdmin, ExternalIdentityAdmin):
    """Who people are elsewhere; importers write it."""


class ExternalOrganizationsAdmin(ReadOnlyAdmin, ExternalOrganizationAdmin):
    """What organizations are elsewhere; importers write it."""


class InvitationsAdmin(ReadOnlyAdmin, InvitationAdmin):
    """Invitations; members send and withdraw them."""

    plural = _("Invitations")


class DomainsAdmin(ReadOnlyAdmin, OrganizationDomainAdmin):
    """Mail domains; members name and prove them."""

    plural = _("Domains")


class TeamsAdmin(ReadOnlyAdmin, TeamAdmin):
    """Teams; members change them."""

    plural = _("Teams")


class LabelsAdmin(ReadOnlyAdmin, LabelAdmin):
    """Labels; members change them."""

    plural = _("Labels")


class ChangeSetsAdmin(ReadOnlyAdmin, ChangeSetAdmin):
    """Changes of many tasks; members make and undo them."""

    plural = _("Changes of many tasks")


class CustomRolesAdmin(ReadOnlyAdmin, CustomRoleAdmin):
    """Roles of organizations' own; their owners change them."""

    plural = _("Custom roles")


class ImagesAdmin(ReadOnlyAdmin, ImageAdmin):
    """Pictures; members change them."""

    plural = _("Pictures")


class UsagesAdmin(ReadOnlyAdmin, UsageAdmin):
    """What is in use; it is counted when things are made and when they go."""

    plural = _("Usage")


class CommentsAdmin(ReadOnlyAdmin, CommentAdmin):
    """Comments; members write and remove them."""

    plural = _("Comments")


class AttachmentsAdmin(ReadOnlyAdmin, AttachmentAdmin):
    """Files of tasks; members attach and remove them."""

    plural = _("Attachments")


class ImportsAdmin(ReadOnlyAdmin, ImportAdmin):
    """Imports of tasks; members start and cancel them."""

    plural = _("Imports")


PAGES = {
    Organization: OrganizationsAdmin,
    User: PeopleAdmin,
    Membership: MembershipsAdmin,
    CustomRole: CustomRolesAdmin,
    Team: TeamsAdmin,
    Invitation: InvitationsAdmin,
    OrganizationDomain: DomainsAdmin,
    Task: TasksAdmin,
    Label: LabelsAdmin,
    Image: ImagesAdmin,
    Comment: CommentsAdmin,
    Attachment: AttachmentsAdmin,
    Usage: UsagesAdmin,
    ChangeSet: ChangeSetsAdmin,
    Import: ImportsAdmin,
    Subscription: SubscriptionsAdmin,
    Invoice: InvoicesAdmin,
    Plan: PlansAdmin,
    StripeEvent: StripeEventsAdmin,
    AuditEntry: AuditEntriesAdmin,
    PlatformEntry: PlatformEntriesAdmin,
    UserSession: UserSessionsAdmin,
    Authenticator: AuthenticatorsAdmin,
    EmailAddress: EmailAddressesAdmin,
    ExternalIdentity: ExternalIdentitiesAdmin,
    ExternalOrganization: ExternalOrganizationsAdmin,
    Group: StaffGroupAdmin,
    ProcrastinateJob: JobsAdmin,
}

for model, page in PAGES.items():
    site.register(model, page)
