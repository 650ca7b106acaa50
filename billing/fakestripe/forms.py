"""Forms of the double's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.fakestripe.cards import DECLINES, FAILS_LATER, PAYS

CARDS = [
    (PAYS, _("4242 4242 4242 4242 pays")),
    (DECLINES, _("4000 0000 0000 0002 is declined at once")),
    (FAILS_LATER, _("4000 0000 0000 0341 is taken, but every charge fails")),
]
NONE = ("", _("No card for now"))
STEPS = [
    ("day", _("One day on")),
    ("reminder", _("To the trial's reminder")),
    ("end", _("To the end of the trial or period")),
    ("decline", _("Decline the next payment")),
    ("refund", _("Refund the last invoice")),
]


class CardForm(forms.Form):
    """A test card: one of the list, or another number."""

    card = forms.ChoiceField(
        label=_("Test card"), choices=CARDS, widget=forms.RadioSelect, initial=PAYS
    )
    number = forms.CharField(
        label=_("Another card number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("What is typed here counts before the list."),
    )

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if optional:
            field = self.fields["card"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [NONE, *CARDS]
            field.required, field.initial = False, ""

    def picked(self) -> str:
        """Return the number that counts; empty for none."""
        return str(self.cleaned_data["number"] or self.cleaned_data["card"])


class EndForm(forms.Form):
    """Whether a subscription ends with its period, or goes on."""

    ends = forms.BooleanField(required=False)


class StepForm(forms.Form):
    """What time or the bank does next."""

    step = forms.ChoiceField(choices=STEPS)
    subscription = forms.CharField(required=False, max_length=60)
