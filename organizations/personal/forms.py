"""Forms about one's own data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ErasureForm(forms.Form):
    """The address of the account, typed by whoever wants it deleted."""

    confirmation = forms.CharField(
        label=_("Type your e-mail address"),
        max_length=320,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"].strip().lower()
        if typed != self.person.email:
            raise forms.ValidationError(
                _("This is not the address of this account: %(email)s."),
                params={"email": self.person.email},
            )
        return typed
