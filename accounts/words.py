"""allauth's forms and refusals in the words the rest of the product uses."""

from typing import Any, Final

from allauth.account import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.doors import OurDomains

EMAIL: Final = _("E-mail")

REFUSALS: Final[dict[str, Promise]] = {
    "email_password_mismatch": _("That e-mail and password do not match."),
    "incorrect_code": _("That is not the code we sent."),
    "incorrect_password": _("That is not your password."),
    "enter_current_password": _("That is not your password now."),
    "too_many_login_attempts": _("Too many tries. Wait a little, then try again."),
    "same_as_current": _("That is your address already."),
}


class OurWords:
    """Gives fields of a form our labels, and takes the hints that repeat theirs."""

    labels: dict[str, Promise]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]  # type: ignore[attr-defined]
            field.label = label
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, forms.LoginForm):
    labels = {"login": EMAIL}


class RequestLoginCodeForm(OurWords, forms.RequestLoginCodeForm):
    labels = {"email": EMAIL}


class ResetPasswordForm(OurWords, forms.ResetPasswordForm):
    labels = {"email": EMAIL}


class AddEmailForm(OurWords, OurDomains, forms.AddEmailForm):
    labels = {"email": _("New e-mail")}


class ChangePasswordForm(OurWords, forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, again"),
    }


class ResetPasswordKeyForm(OurWords, forms.ResetPasswordKeyForm):
    labels = {
        "password1": _("New password"),
        "password2": _("New password, again"),
    }
