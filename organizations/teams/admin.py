"""How teams look in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.admin import PeopleInline, SetFilter
from organizations.teams.models import TeamMembership


class TeamMembershipInline(PeopleInline):
    """Who is in a team; that is the organization's own affair."""

    model = TeamMembership
    fields = readonly_fields = ("user", "created_at")
    verbose_name_plural = _("people")


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
