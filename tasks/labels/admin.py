"""How labels look in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class LabelAdmin(admin.ModelAdmin):
    """Labels of all organizations."""

    list_display = ("name", "colour", "organization", "created_at")
    list_filter = ("colour",)
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    search_help_text = _("Name or organization")
    ordering = ("-created_at", "-id")
    fields = ("organization", "name", "colour", "created_at")
