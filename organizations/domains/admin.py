"""How mail domains look in the operator's console."""

from django.contrib import admin


class OrganizationDomainAdmin(admin.ModelAdmin):
    """Which organization says which domain is its own, and whether it has proven it."""

    list_display = ("domain", "organization", "verified_at", "joining", "role")
    list_filter = ("joining",)
    list_select_related = ("organization",)
    search_fields = ("domain", "organization__name")
    ordering = ("domain", "id")
    fields = ("organization", "domain", "verified_at", "joining", "role", "created_at")
