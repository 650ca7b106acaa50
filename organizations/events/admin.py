"""How what is counted looks in the operator's console."""

from django.contrib import admin


class ProductEventAdmin(admin.ModelAdmin):
    """What happened in the product, the newest first."""

    list_display = ("name", "organization", "user", "properties", "created_at")
    list_filter = ("name", "created_at")
    list_select_related = ("organization", "user")
    search_fields = ("name", "organization__name")
    ordering = ("-created_at", "-id")
    fields = ("name", "organization", "user", "properties", "created_at")
