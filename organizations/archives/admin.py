"""How archives look in the operator's console: what became of them, never the files."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ExportAdmin(admin.ModelAdmin):
    """Archives that owners asked for."""

    list_display = (
        "created_at",
        "organization",
        "asked_by",
        "finished_at",
        "failed_at",
        "expires_at",
        "size",
    )
    list_select_related = ("organization", "asked_by")
    search_fields = ("organization__name", "organization__slug")
    search_help_text = _("Organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "asked_by",
        "created_at",
        "finished_at",
        "failed_at",
        "expires_at",
        "size",
        "rows",
        "files",
        "done",
        "total",
        "sha256",
    )


class ArrivalAdmin(admin.ModelAdmin):
    """Archives that owners take in over their organization."""

    list_display = (
        "created_at",
        "organization",
        "stage",
        "refusal",
        "asked_by",
        "made_at",
        "finished_at",
        "size",
    )
    list_filter = ("stage",)
    list_select_related = ("organization", "asked_by")
    search_fields = ("name", "organization__name", "organization__slug")
    search_help_text = _("File or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "asked_by",
        "name",
        "size",
        "stage",
        "refusal",
        "made_at",
        "created_at",
        "finished_at",
        "expires_at",
        "done",
        "total",
        "sha256",
    )
