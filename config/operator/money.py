"""Plans and subscriptions in the console."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import flows
from billing.admin import PlanAdmin, SubscriptionAdmin
from billing.models import Plan, Subscription
from config.operator.audited import AuditedAdmin
from config.operator.customers import ForOrganizationAdmin, ForOrganizationForm


class PlansAdmin(AuditedAdmin, PlanAdmin):
    """The price list; a new limit reaches every organization on the plan at once."""

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        flows.publish_limits(plan=obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Plan | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: Plan) -> str | Promise:
        taken = Subscription.objects.filter(plan=obj).exists()
        if taken or obj == flows.lowest_plan():
            return _("%(name)s is in use, so it stays.") % {"name": obj}
        return ""


class SubscriptionForm(ForOrganizationForm):
    class Meta:
        model = Subscription
        fields = ("plan", "status", "seats")


class SubscriptionsAdmin(ForOrganizationAdmin, SubscriptionAdmin):
    """Subscriptions; the flows of billing write the plan and record the change."""

    form = SubscriptionForm
    fields = ("organization", "plan", "status", "seats")

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        terms = {
            "plan": obj.plan,
            "status": obj.status,
            "seats": obj.seats,
            "by": request.user,
        }
        if change:
            flows.change_subscription(subscription=obj, **terms)
            return
        made = flows.start_subscription(organization=obj.organization, **terms)
        obj.pk = made.pk

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Recorded by the flow."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Recorded by the flow."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
