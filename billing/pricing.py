"""The forms in which staff write the price list and what organizations may have."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.fields import MoneyField, SizeField
from billing.models import Plan
from billing.money import money
from organizations.limits.models import Key

MONTHS = 12


def whole(key: Key) -> forms.IntegerField:
    return forms.IntegerField(
        label=key.label, required=False, min_value=0, max_value=10**9
    )


class LimitsForm(forms.Form):
    """A number for each thing that can be limited, named as it is in the limits."""

    members = whole(Key.MEMBERS)
    tasks = whole(Key.TASKS)
    storage_bytes = SizeField(label=Key.STORAGE.label, required=False, max_length=30)
    api_keys = whole(Key.API_KEYS)
    webhooks = whole(Key.WEBHOOKS)

    def limits(self) -> dict[str, int]:
        """Return what was typed; what was left empty is missing."""
        typed = {str(key): self.cleaned_data.get(key) for key in Key}
        return {key: limit for key, limit in typed.items() if limit is not None}


class PlanForm(LimitsForm, forms.ModelForm):
    """A plan; limits left empty are none."""

    monthly_cents = MoneyField(label=gettext_lazy("Price a month"))
    yearly_cents = MoneyField(label=gettext_lazy("Price a year"))

    class Meta:
        model = Plan
        fields = (
            "code",
            "name",
            "description",
            "rank",
            "monthly_cents",
            "yearly_cents",
            "is_per_seat",
            "trial_days",
            "is_for_sale",
            "api_per_minute",
        )
        help_texts: ClassVar = {
            "rank": gettext_lazy("A higher one includes what a lower one has."),
            "is_for_sale": gettext_lazy("Others are given by staff only."),
        }
        error_messages: ClassVar = {
            "rank": {"unique": gettext_lazy("Another plan has this rank.")},
            "code": {"unique": gettext_lazy("Another plan has this code.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in Key:
            self.initial.setdefault(key, self.instance.limits.get(key))
        for name in ("monthly_cents", "yearly_cents"):
            self.fields[name].help_text = settings.BILLING_CURRENCY.upper()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors:
            lowest = Plan.objects.order_by("rank").first()
            if lowest is None or self.instance.pk == lowest.pk:
                self.check_free(values)
            else:
                self.check_paid(values, lowest)
        self.instance.limits = self.limits()
        return values

    def check_free(self, values: dict[str, Any]) -> None:
        """Keep the plan that everybody falls back to free, and the lowest."""
        if values["monthly_cents"] or values["yearly_cents"]:
            words = _(
                "Organizations without a subscription are on it: it costs nothing."
            )
            self.add_error("monthly_cents", words)
        if "rank" in self.changed_data and not self.instance._state.adding:
            self.add_error("rank", _("The plan that costs nothing stays the lowest."))
        if not values["is_for_sale"]:
            self.add_error("is_for_sale", _("Everybody may have the lowest plan."))

    def check_paid(self, values: dict[str, Any], lowest: Plan) -> None:
        """Hold a plan above the free one to what can be sold."""
        monthly, yearly = values["monthly_cents"], values["yearly_cents"]
        if values["rank"] <= lowest.rank:
            words = _("Choose a rank above %(rank)d: %(name)s stays the lowest.")
            shown = {"rank": lowest.rank, "name": lowest}
            self.add_error("rank", words % shown)
        if values["is_for_sale"] and not (monthly and yearly):
            empty = "yearly_cents" if monthly else "monthly_cents"
            words = _("A plan for sale has a price a month and a price a year.")
            self.add_error(empty, words)

    def warning(self) -> str:
        """Return what is odd about a plan that may still be meant so."""
        plan = self.instance
        most = MONTHS * plan.monthly_cents
        if plan.yearly_cents <= most:
            return ""
        return _("A year costs more than twelve months, which are %(amount)s.") % {
            "amount": money(most, settings.BILLING_CURRENCY)
        }


class OverridesForm(LimitsForm):
    """Limits of one organization's own; what is left empty is the plan's."""

    lifted = forms.MultipleChoiceField(
        label=gettext_lazy("No limit for"),
        required=False,
        choices=Key.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for key in values.get("lifted", ()):
            if values.get(key) is not None:
                self.add_error(key, _("Either a number, or no limit."))
        return values

    def overrides(self) -> dict[str, int | None]:
        """Return the numbers that replace the plan's; None lifts one."""
        return self.limits() | dict.fromkeys(self.cleaned_data["lifted"])


def written(overrides: dict[str, int | None]) -> dict[str, Any]:
    """Return overrides as the form shows them."""
    lifted = [key for key, limit in overrides.items() if limit is None]
    return {**overrides, "lifted": lifted}
