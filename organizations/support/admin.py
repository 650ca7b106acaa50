"""How write access looks in the operator's console."""

from django.contrib import admin


class SupportGrantAdmin(admin.ModelAdmin):
    """Who granted staff write access, and until when."""

    list_display = ("organization", "granted_by", "created_at", "ends_at", "revoked_at")
    list_select_related = ("organization", "granted_by")
    search_fields = ("organization__name", "organization__slug")
    ordering = ("-created_at", "-id")
    fields = ("organization", "granted_by", "created_at", "ends_at", "revoked_at")
    readonly_fields = fields
