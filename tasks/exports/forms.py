"""As what tasks are taken along."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.exports.writing import FORMATS


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=list(FORMATS.items()),
        initial="csv",
        widget=forms.RadioSelect,
    )
