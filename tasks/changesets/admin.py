"""How change-sets look in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ChangeSetAdmin(admin.ModelAdmin):
    """Change-sets of all organizations, and how far those being worked on have come."""

    list_display = (
        "kind",
        "organization",
        "made_by",
        "count",
        "state",
        "done",
        "total",
        "created_at",
        "undone_at",
    )
    list_filter = ("kind", "state")
    list_select_related = ("organization", "made_by")
    search_fields = ("organization__name", "label")
    search_help_text = _("Organization or name of an import")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "kind",
        "label",
        "changes",
        "state",
        "total",
        "done",
        "count",
        "made_by",
        "created_at",
        "undone_by",
        "undone_at",
        "reverted",
        "kept",
    )
