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
from accounts.banners.models import Banner
from accounts.impersonation.admin import ImpersonationAdmin
from accounts.impersonation.models import Impersonation
from accounts.models import ExternalIdentity, User
from billing.admin import InvoiceAdmin
from billing.intake.models import StripeEvent
from billing.models import Invoice, Plan, Subscription
from config.operator.audited import AuditedAdmin, ReadOnlyAdmin
from config.operator.banners import BannersAdmin
from config.operator.customers import MembershipsAdmin, OrganizationsAdmin, TasksAdmin
from config.operator.flags import FlagsAdmin
from config.operator.keys import ApiKeysAdmin
from config.operator.machine import JobsAdmin
from config.operator.money import PlansAdmin, SubscriptionsAdmin
from config.operator.notes import StaffNotesAdmin
from config.operator.people import PeopleAdmin, StaffGroupAdmin
from config.operator.resending import InvitationsAdmin
from config.operator.site import site
from config.operator.stripe_events import StripeEventsAdmin
from config.operator.welcome import WelcomeStepsAdmin
from organizations.admin import (
    AuditEntryAdmin,
    CustomRoleAdmin,
    EntryAdmin,
    ExternalOrganizationAdmin,
)
from organizations.api.models import ApiKey
from organizations.archives.admin import ArrivalAdmin, ExportAdmin
from organizations.archives.models import Arrival, Export
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.domains.admin import OrganizationDomainAdmin
from organizations.domains.models import OrganizationDomain
from organizations.events.admin import ProductEventAdmin
from organizations.events.models import ProductEvent
from organizations.flags.admin import OrganizationFlagAdmin
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.gallery.admin import ImageAdmin
from organizations.gallery.models import Image
from organizations.invitations.models import Invitation
from organizations.limits.admin import UsageAdmin
from organizations.limits.models import Usage
from organizations.models import (
    CustomRole,
    ExternalOrganization,
    Membership,
    Organization,
)
from organizations.notes.models import StaffNote
from organizations.onboarding.models import WelcomeStep
from organizations.support.admin import SupportGrantAdmin
from organizations.support.models import SupportGrant
from organizations.teams.admin import TeamAdmin
from organizations.teams.models import Team
from organizations.webhooks.admin import DeliveryAdmin, EndpointAdmin
from organizations.webhooks.models import Delivery, Endpoint
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


class ProductEventsAdmin(ReadOnlyAdmin, ProductEventAdmin):
    """What was counted; nobody changes it."""

    plural = _("Product events")


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


class ArchivesAdmin(ReadOnlyAdmin, ExportAdmin):
    """Archives; owners ask for them, and nobody else gets them."""

    plural = _("Archives")


class ArrivalsAdmin(ReadOnlyAdmin, ArrivalAdmin):
    """Archives taken in; owners bring, confirm and cancel them."""

    plural = _("Archives taken in")


class EndpointsAdmin(ReadOnlyAdmin, EndpointAdmin):
    """Webhooks; members make and stop them."""

    plural = _("Webhooks")


class DeliveriesAdmin(ReadOnlyAdmin, DeliveryAdmin):
    """What was sent to webhooks, and what came of it; nothing of what it said."""

    plural = _("Webhook deliveries")


class OrganizationFlagsAdmin(ReadOnlyAdmin, OrganizationFlagAdmin):
    """Switches of organizations; staff set them on the organization's page."""

    plural = _("Flags of organizations")


class ImpersonationsAdmin(ReadOnlyAdmin, ImpersonationAdmin):
    """Stays in other people's place; they start on a person's page."""

    plural = _("Impersonations")


class SupportGrantsAdmin(ReadOnlyAdmin, SupportGrantAdmin):
    """Write access; owners grant it and take it back."""

    plural = _("Write access of staff")


PAGES = {
    Organization: OrganizationsAdmin,
    User: PeopleAdmin,
    StaffNote: StaffNotesAdmin,
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
    ApiKey: ApiKeysAdmin,
    ChangeSet: ChangeSetsAdmin,
    Import: ImportsAdmin,
    Export: ArchivesAdmin,
    Arrival: ArrivalsAdmin,
    Subscription: SubscriptionsAdmin,
    Invoice: InvoicesAdmin,
    Plan: PlansAdmin,
    StripeEvent: StripeEventsAdmin,
    AuditEntry: AuditEntriesAdmin,
    PlatformEntry: PlatformEntriesAdmin,
    Impersonation: ImpersonationsAdmin,
    SupportGrant: SupportGrantsAdmin,
    UserSession: UserSessionsAdmin,
    Authenticator: AuthenticatorsAdmin,
    EmailAddress: EmailAddressesAdmin,
    ExternalIdentity: ExternalIdentitiesAdmin,
    ExternalOrganization: ExternalOrganizationsAdmin,
    Group: StaffGroupAdmin,
    Endpoint: EndpointsAdmin,
    Delivery: DeliveriesAdmin,
    ProcrastinateJob: JobsAdmin,
    ProductEvent: ProductEventsAdmin,
    WelcomeStep: WelcomeStepsAdmin,
    FeatureFlag: FlagsAdmin,
    OrganizationFeatureFlag: OrganizationFlagsAdmin,
    Banner: BannersAdmin,
}

for model, page in PAGES.items():
    site.register(model, page)
