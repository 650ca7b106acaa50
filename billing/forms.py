"""Forms about plans and paying for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Interval
from organizations.tenancy.models import uuid7


class IntervalForm(forms.Form):
    """How often a plan is paid; what makes no sense is monthly."""

    interval = forms.ChoiceField(choices=Interval, required=False)

    def chosen(self) -> str:
        if not self.is_valid():
            return Interval.MONTH
        return self.cleaned_data["interval"] or Interval.MONTH


class ChoiceForm(forms.Form):
    """A decision for a plan: sent twice it is made once, at the moment it showed."""

    interval = forms.ChoiceField(
        label=_("How often you pay"),
        choices=Interval,
        widget=forms.HiddenInput,
    )
    sent_as = forms.UUIDField(widget=forms.HiddenInput)
    moment = forms.IntegerField(
        min_value=0, max_value=2**40, required=False, widget=forms.HiddenInput
    )

    @classmethod
    def fresh(cls, interval: str, moment: int | None = None) -> "ChoiceForm":
        """Return the form of a page that is shown now."""
        shown: dict[str, Any] = {"interval": interval, "sent_as": uuid7()}
        return cls(initial=shown | {"moment": moment})


class LooksForm(forms.Form):
    """How often a page has looked already; what makes no sense is the first time."""

    look = forms.IntegerField(min_value=0, max_value=1_000)

    def number(self) -> int:
        return self.cleaned_data["look"] if self.is_valid() else 0
