"""How webhooks look in the operator's console: no secret, and nothing of a body."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import SetFilter
from organizations.webhooks.models import Endpoint


class EndpointAdmin(admin.ModelAdmin):
    """Endpoints of all organizations, those that were removed included."""

    list_display = (
        "shown_url",
        "organization",
        "failing_since",
        "paused_at",
        "disabled_at",
        "deleted_at",
    )
    list_filter = (
        ("failing_since", SetFilter),
        ("disabled_at", SetFilter),
        ("paused_at", SetFilter),
    )
    list_select_related = ("organization",)
    search_fields = ("url", "description", "organization__name")
    search_help_text = _("Address, description or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "shown_url",
        "description",
        "events",
        "made_by",
        "failing_since",
        "paused_at",
        "disabled_at",
        "disabled_for",
        "created_at",
        "deleted_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Endpoint.with_trash.select_related("organization", "made_by")
        return rows.order_by(*self.ordering)

    @admin.display(description=_("address"), ordering="url")
    def shown_url(self, endpoint: Endpoint) -> str:
        return endpoint.shown_url


class DeliveryAdmin(admin.ModelAdmin):
    """Deliveries of all organizations."""

    list_display = (
        "event_type",
        "organization",
        "endpoint",
        "state",
        "tries",
        "last_status",
        "next_try_at",
        "created_at",
    )
    list_filter = ("state", "last_failure")
    list_select_related = ("organization", "endpoint")
    search_fields = ("=event_type", "organization__name")
    search_help_text = _("Event or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "endpoint",
        "event_type",
        "event_id",
        "state",
        "tries",
        "next_try_at",
        "last_status",
        "last_failure",
        "last_milliseconds",
        "created_at",
    )
