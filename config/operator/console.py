"""What the console shows: each table with the page that records its changes."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.admin import EmailAddressAdmin, UserSessionAdmin
from accounts.models import User
from billing.models import Plan, Subscription
from config.operator.audited import ReadOnlyAdmin
from config.operator.customers import MembershipsAdmin, OrganizationsAdmin, TasksAdmin
from config.operator.machine import JobsAdmin
from config.operator.money import PlansAdmin, SubscriptionsAdmin
from config.operator.people import PeopleAdmin, StaffGroupAdmin
from config.operator.site import site
from organizations.admin import AuditEntryAdmin, CustomRoleAdmin, EntryAdmin
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.domains.admin import OrganizationDomainAdmin
from organizations.domains.models import OrganizationDomain
from organizations.invitations.admin import InvitationAdmin
from organizations.invitations.models import Invitation
from organizations.models import CustomRole, Membership, Organization
from organizations.teams.admin import TeamAdmin
from organizations.teams.models import Team
from tasks.models import Task


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


class InvitationsAdmin(ReadOnlyAdmin, InvitationAdmin):
    """Invitations; members send and withdraw them."""

    plural = _("Invitations")


class DomainsAdmin(ReadOnlyAdmin, OrganizationDomainAdmin):
    """Mail domains; members name and prove them."""

    plural = _("Domains")


class TeamsAdmin(ReadOnlyAdmin, TeamAdmin):
    """Teams; members change them."""

    plural = _("Teams")


class CustomRolesAdmin(ReadOnlyAdmin, CustomRoleAdmin):
    """Roles of organizations' own; their owners change them."""

    plural = _("Custom roles")


PAGES = {
    Organization: OrganizationsAdmin,
    User: PeopleAdmin,
    Membership: MembershipsAdmin,
    CustomRole: CustomRolesAdmin,
    Team: TeamsAdmin,
    Invitation: InvitationsAdmin,
    OrganizationDomain: DomainsAdmin,
    Task: TasksAdmin,
    Subscription: SubscriptionsAdmin,
    Plan: PlansAdmin,
    AuditEntry: AuditEntriesAdmin,
    PlatformEntry: PlatformEntriesAdmin,
    UserSession: UserSessionsAdmin,
    EmailAddress: EmailAddressesAdmin,
    Group: StaffGroupAdmin,
    ProcrastinateJob: JobsAdmin,
}

for model, page in PAGES.items():
    site.register(model, page)
