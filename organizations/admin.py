"""How organizations look in the operator's console, which records what is done."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership


class SetFilter(admin.EmptyFieldListFilter):
    """Whether a moment has come: no or yes, where Django says empty or not."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        words = (_("All"), _("No"), _("Yes"))
        for choice, word in zip(super().choices(changelist), words, strict=False):
            yield {**choice, "display": word}


class PeopleInline(admin.TabularInline):
    """People of a row, to read: they are the organization's own affair."""

    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user")

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False


class MembershipInline(PeopleInline):
    """Who belongs to an organization; changed on the membership's own page."""

    model = Membership
    fields = readonly_fields = ("user", "role", "suspended_at", "created_at")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")


class OrganizationAdmin(admin.ModelAdmin):
    """Organizations with how many belong to them; the plan comes from billing."""

    list_display = (
        "name",
        "slug",
        "plan",
        "is_active",
        "people",
        "deleted_at",
        "created_at",
    )
    list_filter = ("is_active", "plan", ("deleted_at", SetFilter))
    search_fields = ("name", "slug")
    ordering = ("-created_at", "-id")
    fields = (
        "name",
        "slug",
        "task_prefix",
        "requires_second_factor",
        "plan",
        "limits",
        "is_active",
        "deleted_at",
        "created_at",
        "updated_at",
    )
    readonly_fields = (
        "plan",
        "limits",
        "is_active",
        "deleted_at",
        "created_at",
        "updated_at",
    )
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        members = (
            Membership.objects.filter(organization_id=OuterRef("pk"))
            .order_by()
            .values("organization_id")
            .annotate(people=Count("pk"))
            .values("people")
        )
        rows = super().get_queryset(request)
        return rows.annotate(people=Coalesce(Subquery(members), 0))

    @admin.display(description=_("people"), ordering="people")
    def people(self, organization: Any) -> int:
        return organization.people


class MembershipAdmin(admin.ModelAdmin):
    """Who belongs where, as what."""

    list_display = (
        "user",
        "organization",
        "role",
        "custom_role",
        "suspended_at",
        "created_at",
    )
    list_filter = ("role", ("suspended_at", SetFilter))
    list_select_related = ("user", "organization", "custom_role")
    search_fields = ("user__email", "user__first_name", "organization__name")
    search_help_text = _("Name or e-mail address of the person, or organization")
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("user",)
    readonly_fields = ("suspended_at", "created_at")


class CustomRoleAdmin(admin.ModelAdmin):
    """Roles that organizations have put together, and what each gives."""

    list_display = ("name", "organization", "base", "created_at")
    list_filter = ("base",)
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    search_help_text = _("Name or organization")
    ordering = ("-created_at", "-id")
    fields = ("organization", "name", "base", "abilities", "created_at", "updated_at")


class EntryAdmin(admin.ModelAdmin):
    """What was recorded, newest first."""

    list_display = (
        "created_at",
        "action",
        "target_label",
        "actor",
        "actor_type",
        "address",
    )
    list_display_links = ("action",)
    list_filter = ("actor_type",)
    list_select_related = ("actor",)
    search_fields = ("action", "target_label", "request_id", "actor__email")
    search_help_text = _("Action, object, request id or address of the person")
    ordering = ("-created_at", "-id")


class AuditEntryAdmin(EntryAdmin):
    """What was recorded inside organizations."""

    list_display = (
        "created_at",
        "organization",
        "sequence",
        *EntryAdmin.list_display[1:],
    )
    readonly_fields = ("sequence", "digest")
    list_select_related = ("actor", "organization")
    search_fields = (*EntryAdmin.search_fields, "organization__name")

    @admin.display(description=_("hash"))
    def digest(self, entry: Any) -> str:
        return bytes(entry.hash).hex()


class ExternalOrganizationAdmin(admin.ModelAdmin):
    """What organizations are in the systems they came from."""

    list_display = ("provider", "external_id", "organization", "created_at")
    list_filter = ("provider",)
    list_select_related = ("organization",)
    fields = ("organization", "provider", "external_id", "created_at")
    search_fields = ("external_id", "organization__name")
    ordering = ("-created_at", "-id")
