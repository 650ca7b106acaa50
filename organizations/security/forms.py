"""Forms of an organization's demands on sign-in."""

from django import forms


class SecondStepForm(forms.Form):
    """Whether members need a second step."""

    required = forms.BooleanField(required=False)
