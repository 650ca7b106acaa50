"""Organizations, memberships and tasks in the console."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from config.operator import acts, verdicts
from config.operator.allowances import allowances
from config.operator.audited import AuditedAdmin
from config.operator.filters import ActiveOrganizationsFilter
from config.operator.flags import OverrideSheet, switches
from config.operator.grants import CompSheet, EndCompSheet, LimitsSheet, StandingSheet
from config.operator.notes import NotesPage
from config.operator.reasons import ReasonAction, with_reason
from config.operator.searching import OrganizationSearch
from organizations.addresses import remember_address
from organizations.admin import MembershipAdmin, OrganizationAdmin
from organizations.invitations.models import Invitation
from organizations.models import Membership, Organization, Role
from tasks.admin import TaskAdmin

# Of an organization's open invitations.
MOST = 50


def waiting(organization: Organization) -> str:
    """Return the ways to the invitations that nobody has answered, the newest first."""
    rows: Any = Invitation.objects.waiting().exclude(email="")
    found = rows.filter(organization_id=organization.pk).order_by("-created_at")
    page = "admin:invitations_invitation_change"
    links = ((reverse(page, args=[one.pk]), one) for one in found[:MOST])
    return format_html_join(", ", '<a class="link" href="{}">{}</a>', links)


class OrganizationsAdmin(NotesPage, OrganizationSearch, OrganizationAdmin):
    """Organizations; made and deleted by their own people, suspended by staff."""

    fields = None
    fieldsets = (
        (None, {"fields": ("name", "slug", "task_prefix", "requires_second_factor")}),
        (_("Plan"), {"fields": ("plan", "standing", "allowances")}),
        (_("Flags"), {"fields": ("switches",)}),
        (
            _("State"),
            {"fields": ("is_active", "deleted_at", "created_at", "updated_at")},
        ),
    )
    readonly_fields = (
        *OrganizationAdmin.readonly_fields,
        "standing",
        "allowances",
        "switches",
        "open_invitations",
    )
    list_filter = (
        *OrganizationAdmin.list_filter,
        "standing",
        ActiveOrganizationsFilter,
    )
    sheets = (
        *(LimitsSheet, StandingSheet, CompSheet, EndCompSheet, OverrideSheet),
        *NotesPage.sheets,
    )
    actions = ("suspend", "restore", "undelete", "verify_log")
    action_form = ReasonAction

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if not request.user.has_perm("invitations.view_invitation"):  # type: ignore[union-attr]
            return sets
        return (*sets, (_("Invitations"), {"fields": ("open_invitations",)}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Organization, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "slug" in form.changed_data:
            remember_address(obj, left=form.initial["slug"])

    def has_delete_permission(
        self, request: HttpRequest, obj: Organization | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: Organization) -> str | Promise:
        return _(
            "%(name)s has a history, so it stays. Suspend it, and its people cannot"
            " enter."
        ) % {"name": obj}

    @admin.display(description=_("limits"))
    def allowances(self, organization: Organization) -> str:
        return allowances(organization)

    @admin.display(description=_("open invitations"))
    def open_invitations(self, organization: Organization) -> str:
        return waiting(organization)

    @admin.display(description=_("flags"))
    def switches(self, organization: Organization) -> str:
        return switches(organization)

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.suspend)

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.restore)

    @admin.action(
        description=_("Take the deletion back (the address must be free)"),
        permissions=["change"],
    )
    def undelete(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.undelete)

    @admin.action(description=_("Verify the audit log"), permissions=["view"])
    def verify_log(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        verdicts.tell(self, request, queryset)


class ForOrganizationForm(forms.ModelForm):
    """Lets staff say whose row a new one is; everybody else's is the active one's."""

    organization = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.all()
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("organization"):
            self.instance.organization = values["organization"]
        return values


class ForOrganizationAdmin(AuditedAdmin):
    """Adds rows to any organization; which one is fixed from then on."""

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # Declared by the form, and no editable column: to be named by nobody else.
        named = kwargs.pop("fields", None) or flatten_fieldsets(
            self.get_fieldsets(request, obj)
        )
        kwargs["fields"] = [name for name in named if name != "organization"]
        form: Any = super().get_form(request, obj, **kwargs)
        if obj is None:
            field = form.base_fields["organization"]
            column = self.model._meta.get_field("organization")
            field.widget = AutocompleteSelect(column, self.admin_site)
            field.widget.choices = field.choices
        return form

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, "organization", *self.fixed) if obj else own

    # What, beside the organization, never changes.
    fixed: tuple[str, ...] = ()


class MembershipForm(ForOrganizationForm):
    class Meta:
        model = Membership
        fields = ("user", "role")

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        adding = self.instance._state.adding
        if role != Role.OWNER and not adding and self.instance.is_last_owner():
            raise forms.ValidationError(_("The organization has no other owner."))
        return role


class MembershipsAdmin(ForOrganizationAdmin, MembershipAdmin):
    """Memberships: given, changed, closed and ended by staff when members cannot."""

    form = MembershipForm
    noun = "member"
    verbs: ClassVar = {"created": "added", "deleted": "removed"}
    fixed = ("user",)
    fields = ("organization", "user", "role")
    actions = ("suspend",)
    action_form = ReasonAction

    def label_of(self, obj: Membership) -> str:
        return str(obj.user)

    def has_delete_permission(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: Membership) -> str | Promise:
        if obj.is_last_owner():
            return _("%(name)s is the last owner of %(organization)s.") % {
                "name": obj.user,
                "organization": obj.organization,
            }
        return ""

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.suspend_member)


class TasksAdmin(AuditedAdmin, TaskAdmin):
    """Tasks: read by staff, mended, put in the trash and taken out."""

    verbs: ClassVar = {"changed": "edited"}
    actions = ("trash", "untrash")
    action_form = ReasonAction

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Put in the trash"), permissions=["change"])
    def trash(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.trash)

    @admin.action(description=_("Take out of the trash"), permissions=["change"])
    def untrash(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.untrash)
