"""People in the console: banned with a reason, never without a trace."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import UserAdmin
from accounts.impersonation.models import Impersonation
from accounts.models import User
from config.operator import acts
from config.operator.audited import AuditedAdmin
from config.operator.bans import BanPage
from config.operator.filters import ActivePeopleFilter
from config.operator.names import name_of_right
from config.operator.notes import NotesPage
from config.operator.reasons import ReasonAction, with_reason
from config.operator.resending import ConfirmationSheet, MailsPage, PasswordSheet
from config.operator.searching import PeopleSearch
from config.operator.visits import VisitPage
from organizations.admin import MembershipInline
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Membership, Organization, owned_alone
from organizations.support.visiting import end_of
from tasks.models import Task

STAFF_RIGHTS = ("is_staff", "is_superuser", "groups")


class PersonForm(forms.ModelForm):
    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        alone = [] if active else owned_alone(self.instance)
        if alone:
            raise forms.ValidationError(left_without(alone))
        return active


def left_without(organizations: list[Organization]) -> str:
    """Return the sentence that keeps a last owner where they are."""
    names = ", ".join(str(one) for one in organizations)
    return _(
        "The only owner of %(names)s. Make somebody else owner first, or suspend it."
    ) % {"names": names}


class PersonMembershipInline(MembershipInline):
    """Where a person belongs."""

    fields = readonly_fields = ("organization", "role", "suspended_at", "created_at")


class PeopleAdmin(BanPage, VisitPage, MailsPage, NotesPage, PeopleSearch, UserAdmin):
    """People; only superusers give or take staff rights."""

    form = PersonForm
    sheets = (ConfirmationSheet, PasswordSheet, *NotesPage.sheets)
    inlines = (*UserAdmin.inlines, PersonMembershipInline)
    list_filter = (*UserAdmin.list_filter, ActivePeopleFilter)
    actions = ("ban", "unban")
    action_form = ReasonAction

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *STAFF_RIGHTS)

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        # Many at once would be judged by nobody.
        return obj is not None and super().has_delete_permission(request, obj)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if {*STAFF_RIGHTS, "is_active"} & set(form.changed_data):
            end_of(form.instance)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Addresses and sessions go with the person; nobody deletes them alone.
        found, counts, _lacking, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def deletion_refusal(self, obj: User) -> str | Promise:
        named_in = (
            Membership.objects.filter(user=obj),
            Impersonation.objects.filter(Q(staff=obj) | Q(person=obj)),
            Task.with_trash.filter(created_by=obj),
            AuditEntry.objects.filter(actor=obj),
            PlatformEntry.objects.filter(actor=obj),
        )
        if any(rows.exists() for rows in named_in):
            return _(
                "%(name)s is named in organizations, tasks or the audit log, so the"
                " account stays. Ban it instead."
            ) % {"name": obj}
        return ""

    @admin.action(description=gettext_lazy("Ban"), permissions=["change"])
    def ban(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, self.bannable(request, queryset), acts.ban)

    @admin.action(description=gettext_lazy("Lift the ban"), permissions=["change"])
    def unban(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with_reason(self, request, queryset, acts.unban)

    def bannable(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        """Leave out oneself, last owners, and superusers unless one is one."""
        rows = queryset.exclude(pk=request.user.pk)
        if not request.user.is_superuser:
            rows = rows.exclude(is_superuser=True)
        found = []
        for person in rows:
            if alone := owned_alone(person):
                words = f"{person}: {left_without(alone)}"
                self.message_user(request, words, messages.ERROR)
            else:
                found.append(person)
        return found


class StaffGroupAdmin(AuditedAdmin, GroupAdmin):
    """Sets of staff rights; given by superusers alone."""

    plural = gettext_lazy("Staff rights")
    list_display = ("name",)
    filter_horizontal = ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        # Rights over what the console shows; the rest would open nothing.
        shown = [model._meta.model_name for model in self.admin_site._registry]
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(content_type__model__in=shown)
        field.label_from_instance = name_of_right
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def _superuser(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    has_view_permission = has_change_permission = _superuser
    has_add_permission = has_delete_permission = _superuser
