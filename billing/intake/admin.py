"""How Stripe's events look in the operator's console."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.intake.models import StripeEvent
from organizations.models import Organization


class StripeEventAdmin(admin.ModelAdmin):
    """Events as they came, the newest first, and what became of each."""

    list_display = ("type", "state", "slug", "received_at", "tries", "short_error")
    list_filter = ("state", "type", "livemode")
    search_fields = ("id", "type", "organization_slug")
    search_help_text = _("Event, type, organization")
    ordering = ("-received_at", "id")
    fields = (
        "id",
        "type",
        "state",
        "slug",
        "tries",
        "error",
        "mirror_error",
        "stripe_created",
        "received_at",
        "applied_at",
        "api_version",
        "livemode",
        "pretty",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StripeEvent]:
        named = Organization.objects.filter(pk=OuterRef("organization"))
        slug = Subquery(named.values("slug")[:1])
        return super().get_queryset(request).annotate(organization_slug=slug)

    @admin.display(description=_("organization"), ordering="organization_slug")
    def slug(self, event: Any) -> str | None:
        found: str | None = event.organization_slug
        return found

    @admin.display(description=_("error"))
    def short_error(self, event: StripeEvent) -> str:
        return event.error[:80]

    @admin.display(description=_("body"))
    def pretty(self, event: StripeEvent) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(event.body, indent=2))
