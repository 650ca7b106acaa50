"""Plans and subscriptions in the console."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import flows
from billing.admin import PlanAdmin, SubscriptionAdmin
from billing.entitlement import lowest_plan
from billing.gateway import Refused as StripeRefused
from billing.gateway import StripeAway
from billing.models import Plan, Subscription
from billing.publishing import publish_prices
from config.operator.audited import AuditedAdmin, ReadOnlyAdmin
from config.operator.grants import CompSheet, EndCompSheet, SyncSheet, read_again
from config.operator.sheets import Refused, SheetsPage
from organizations.flags.models import FeatureFlag
from organizations.limits.models import Key


class PlansAdmin(AuditedAdmin, PlanAdmin):
    """The price list; a new limit reaches every organization on the plan at once."""

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        flows.publish_limits(plan=obj)
        if words := form.warning():
            self.message_user(request, words, messages.WARNING)
        if settings.BILLING_ON:
            self.publish(request, obj)

    def publish(self, request: HttpRequest, plan: Plan) -> None:
        """Bring the prices to Stripe; saving again does what could not be done."""
        try:
            said = publish_prices(plan)
        except (StripeAway, StripeRefused) as error:
            words = _(
                "Saved, but the prices are not at Stripe yet. Save again: %(why)s"
            )
            self.message_user(request, words % {"why": error}, messages.WARNING)
            return
        for line in said:
            self.message_user(request, line)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        message = super().construct_change_message(request, form, formsets, add)
        if not set(Key).isdisjoint(message["after"]):
            told = {str(key): form.initial.get(key) for key in Key}
            before = {key: limit for key, limit in told.items() if limit is not None}
            for values in message.values():
                for key in Key:
                    values.pop(key, None)
            message["after"]["limits"] = form.instance.limits
            message["before"] |= {} if add else {"limits": before}
        return message

    def has_delete_permission(
        self, request: HttpRequest, obj: Plan | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: Plan) -> str | Promise:
        taken = (
            Subscription.objects.filter(plan=obj).exists()
            or FeatureFlag.objects.filter(minimum_plan=obj.code).exists()
        )
        if taken or obj == lowest_plan():
            return _("%(name)s is in use, so it stays.") % {"name": obj}
        return ""


class SubscriptionsAdmin(SheetsPage, ReadOnlyAdmin, SubscriptionAdmin):
    """Subscriptions; Stripe has them, or staff give them."""

    sheets = (CompSheet, EndCompSheet, SyncSheet)
    actions = ("read_again",)

    def label_of(self, obj: Subscription) -> str:
        return str(obj.organization)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_subscription")

    @admin.action(description=_("Read again from Stripe"), permissions=["manage"])
    def read_again(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset.exclude(stripe_customer_id=""):
            try:
                self.message_user(request, read_again(row, request.user))
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return
