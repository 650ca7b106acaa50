"""How imports look in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ImportAdmin(admin.ModelAdmin):
    """Imports of all organizations; what is in the files is theirs alone."""

    list_display = (
        "name",
        "organization",
        "state",
        "rows",
        "made",
        "made_by",
        "finished_at",
        "created_at",
    )
    list_filter = ("state",)
    list_select_related = ("organization", "made_by")
    search_fields = ("name", "organization__name")
    search_help_text = _("File or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "name",
        "size",
        "state",
        "rows",
        "good",
        "done",
        "made",
        "made_by",
        "created_at",
        "finished_at",
    )
