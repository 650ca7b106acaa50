"""How storage looks in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.storage.models import StorageUse
from organizations.storage.quota import LIMIT
from organizations.storage.words import size_words


class StorageUseAdmin(admin.ModelAdmin):
    """What each organization's files take, the largest first."""

    list_display = ("organization", "size", "limit", "updated_at")
    list_select_related = ("organization",)
    search_fields = ("organization__name",)
    search_help_text = _("Organization")
    ordering = ("-bytes", "-id")
    fields = ("organization", "size", "bytes", "limit", "updated_at")

    @admin.display(description=_("in use"), ordering="bytes")
    def size(self, use: StorageUse) -> str:
        return size_words(use.bytes)

    @admin.display(description=_("limit"))
    def limit(self, use: StorageUse) -> str | None:
        limit = use.organization.limit(LIMIT)
        return None if limit is None else size_words(limit)
