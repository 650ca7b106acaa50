"""Forms of write access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.support.models import LENGTHS

SENTENCE_LENGTH = 300


def length_choices() -> list[tuple[int, str]]:
    """Return how long write access may be granted, in words."""
    found = []
    for hours in LENGTHS:
        days = hours // 24
        text = ngettext("%d day", "%d days", days) % days
        found.append(
            (hours, text if days else ngettext("%d hour", "%d hours", hours) % hours)
        )
    return found


class GrantForm(forms.Form):
    """For how long staff may change things."""

    hours = forms.TypedChoiceField(
        label=_("How long"),
        choices=length_choices,
        coerce=int,
        initial=LENGTHS[0],
        widget=forms.Select(attrs={"class": "select sm fit"}),
    )


class AskForm(forms.Form):
    """Why staff need to change something."""

    sentence = forms.CharField(
        label=_("What has to be changed"), max_length=SENTENCE_LENGTH
    )

    def clean_sentence(self) -> Any:
        return " ".join(self.cleaned_data["sentence"].split())
