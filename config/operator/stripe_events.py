"""Stripe's events in the console: read, and applied again where something was wrong."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.intake import flows
from billing.intake.admin import StripeEventAdmin
from config.operator.audited import ReadOnlyAdmin


class StripeEventsAdmin(ReadOnlyAdmin, StripeEventAdmin):
    """Events; nobody changes what Stripe said, but it can be listened to again."""

    plural = _("Stripe events")
    noun = "stripe_event"
    actions = ("replay",)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("intake.change_stripeevent")  # type: ignore[union-attr]

    @admin.action(description=_("Replay"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        chosen = list(queryset)
        for event in chosen:
            flows.replay(event=event, by=request.user)
        words = ngettext(
            "%(count)d event is applied again.",
            "%(count)d events are applied again.",
            len(chosen),
        )
        self.message_user(request, words % {"count": len(chosen)})
