"""How plans and subscriptions look in the operator's console."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.models import Plan

LIMITS = frozenset({"members", "tasks", "storage_bytes", "api_keys", "webhooks"})


class PlanForm(forms.ModelForm):
    class Meta:
        model = Plan
        fields = ("code", "name", "rank", "monthly_cents", "limits")

    def clean_limits(self) -> dict[str, int]:
        limits = self.cleaned_data["limits"] or {}
        if not isinstance(limits, dict) or not LIMITS.issuperset(limits):
            raise forms.ValidationError(
                _("Limits are named %(names)s.") % {"names": ", ".join(sorted(LIMITS))}
            )
        if not all(type(each) is int and each >= 0 for each in limits.values()):
            raise forms.ValidationError(_("A limit is a whole number."))
        return limits


class PlanAdmin(admin.ModelAdmin):
    """The price list."""

    form = PlanForm
    list_display = ("name", "code", "rank", "monthly_cents", "updated_at")
    search_fields = ("name", "code")
    ordering = ("rank",)

    def get_readonly_fields(self, request: Any, obj: Plan | None = None) -> list[str]:
        return ["code"] if obj else []


class SubscriptionAdmin(admin.ModelAdmin):
    """Who is subscribed to what."""

    list_display = ("organization", "plan", "status", "seats", "created_at")
    list_filter = ("status", "plan")
    list_select_related = ("organization", "plan")
    search_fields = ("organization__name", "organization__slug")
    search_help_text = _("Organization")
    ordering = ("-created_at", "-id")
