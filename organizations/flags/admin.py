"""How flags look in the operator's console."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.flags.declared import DECLARED
from organizations.flags.models import FeatureFlag


class FeatureFlagAdmin(admin.ModelAdmin):
    """Flags with what each says for everybody, and how many have their own."""

    list_display = (
        "key",
        "name",
        "default_enabled",
        "minimum_plan",
        "rollout",
        "own_switches",
        "is_killed",
    )
    list_filter = ("is_killed", "default_enabled")
    search_fields = ("key", "name", "description")
    search_help_text = _("Key, name or description")
    ordering = ("key",)
    fieldsets = (
        (None, {"fields": ("key", "name", "description", "asked_for")}),
        (
            _("For whom; the first that applies decides"),
            {
                "fields": (
                    "kill_switch",
                    "own_switches",
                    "minimum_plan",
                    "rollout_percent",
                    "default_enabled",
                )
            },
        ),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: FeatureFlag | None = None
    ) -> tuple[str, ...]:
        told = ("asked_for", "kill_switch", "own_switches")
        return ("key", *told) if obj else told

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.annotate(switches=Count("overrides"))

    @admin.display(description=_("rollout"), ordering="rollout_percent")
    def rollout(self, flag: FeatureFlag) -> str | None:
        percent = flag.rollout_percent
        return None if percent is None else f"{percent} %"

    @admin.display(description=_("own switches"), ordering="switches")
    def own_switches(self, flag: Any) -> int:
        """Return how many organizations have a switch of their own."""
        return getattr(flag, "switches", 0)

    @admin.display(description=_("kill switch"))
    def kill_switch(self, flag: FeatureFlag) -> str:
        return gettext("Pulled") if flag.is_killed else gettext("Not pulled")

    @admin.display(description=_("asked for by the code"), boolean=True)
    def asked_for(self, flag: FeatureFlag) -> bool:
        return flag.key in DECLARED


class OrganizationFlagAdmin(admin.ModelAdmin):
    """Which organizations have a switch of their own, the newest first."""

    list_display = ("organization", "flag", "enabled", "updated_at")
    list_filter = ("enabled",)
    list_select_related = ("organization", "flag")
    search_fields = ("organization__name", "flag__key")
    search_help_text = _("Organization or key")
    ordering = ("-updated_at", "-id")
    fields = ("organization", "flag", "enabled", "created_at", "updated_at")
