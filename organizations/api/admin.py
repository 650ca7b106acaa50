"""How API keys look in the operator's console; nobody sees more of a secret than its
first letters."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.api.models import ApiKey


class ApiKeyAdmin(admin.ModelAdmin):
    """Which programs act for whom, and when they last did."""

    list_display = (
        "name",
        "organization",
        "prefix",
        "condition",
        "last_used_at",
        "expires_at",
    )
    list_select_related = ("organization",)
    search_fields = ("name", "=prefix", "organization__name", "organization__slug")
    search_help_text = _("Name, first letters, or organization")
    ordering = ("-created_at", "-id")
    fields = (
        *("organization", "name", "prefix", "condition", "may", "created_by"),
        *("created_at", "expires_at", "revoked_at", "last_used_at", "last_used_from"),
    )

    @admin.display(description=_("state"))
    def condition(self, key: ApiKey) -> str:
        return str(WORDS[key.state])

    @admin.display(description=pgettext_lazy("of a key", "may"))
    def may(self, key: ApiKey) -> str:
        return "; ".join(key.scopes_in_words)


WORDS = {"active": _("Active"), "expired": _("Expired"), "revoked": _("Revoked")}
