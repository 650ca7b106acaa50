"""How teams look in the operator's console."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import SetFilter
from organizations.teams.models import TeamMembership


class TeamMembershipInline(admin.TabularInline):
    """Who is in a team; that is the organization's own affair."""

    model = TeamMembership
    fields = readonly_fields = ("user", "created_at")
    verbose_name_plural = _("people")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user")

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False


class TeamAdmin(admin.ModelAdmin):
    """Teams of all organizations."""

    list_display = ("name", "organization", "deleted_at", "created_at")
    list_filter = (("deleted_at", SetFilter),)
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    search_help_text = _("Name or organization")
    ordering = ("-created_at", "-id")
    fields = ("organization", "name", "description", "deleted_at", "created_at")
    inlines = (TeamMembershipInline,)
