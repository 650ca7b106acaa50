"""Forms about the person."""

from typing import Any

from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupForm(BaseSignupForm):
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("first_name", "last_name", "email", "password1")

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        names: dict[str, Any] = self.cleaned_data
        user.first_name = names.get("first_name", "")
        user.last_name = names.get("last_name", "")
        user.save(update_fields=["first_name", "last_name"])
