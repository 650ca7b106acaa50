"""How stays in other people's place look in the operator's console."""

from django.contrib import admin


class ImpersonationAdmin(admin.ModelAdmin):
    """Who looked on as whom, why, and until when."""

    list_display = ("person", "staff", "reason", "started_at", "ended_at", "why")
    list_filter = ("why",)
    list_select_related = ("person", "staff")
    search_fields = ("person__email", "staff__email", "reason")
    ordering = ("-started_at", "-id")
    fields = (
        *("staff", "person", "organization_id", "reason"),
        *("started_at", "ends_at", "ended_at", "why"),
    )
    readonly_fields = fields
