"""How usage looks in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.limits.models import Usage
from organizations.limits.words import amount_words


class UsageAdmin(admin.ModelAdmin):
    """How much each organization has of what is counted, the largest first."""

    list_display = ("organization", "key", "amount", "limit", "updated_at")
    list_filter = ("key",)
    list_select_related = ("organization",)
    search_fields = ("organization__name",)
    search_help_text = _("Organization")
    ordering = ("-used", "-id")
    fields = ("organization", "key", "amount", "used", "limit", "updated_at")

    @admin.display(description=_("in use"), ordering="used")
    def amount(self, usage: Usage) -> str:
        return amount_words(usage.key, usage.used)

    @admin.display(description=_("limit"))
    def limit(self, usage: Usage) -> str | None:
        limit = usage.organization.limit(usage.key)
        return None if limit is None else amount_words(usage.key, limit)
