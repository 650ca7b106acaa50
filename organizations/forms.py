"""Forms about organizations."""

from django import forms

from organizations.models import Organization


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = ("name", "slug", "task_prefix")


class SwitchForm(forms.Form):
    organization = forms.UUIDField()
