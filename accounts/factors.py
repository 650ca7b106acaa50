"""Forms of second factors: our words, and nothing of a browser's answer unexamined."""

import re
import struct
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import flows
from accounts.words import OurWords

CODE: Final[dict[str, Promise]] = {"code": _("Code")}
NAME_LENGTH: Final = 60
CREDENTIAL_LENGTH: Final = 20_000
BASE64: Final = re.compile(r"[A-Za-z0-9_-]*=*")
# What a browser's answer is made of; whatever else it holds is not kept.
PARTS: Final = ("id", "rawId", "type", "authenticatorAttachment")
INNER: Final = (
    "attestationObject",
    "authenticatorData",
    "clientDataJSON",
    "signature",
    "userHandle",
)
# What the parsers of a key's bytes raise besides refusing them.
UNREADABLE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


class CredentialField(forms.JSONField):
    """A browser's answer to a passkey question, reduced to the parts we know."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if value is not None and len(value) > CREDENTIAL_LENGTH:
            raise no_fit()
        try:
            found = super().to_python(value)
        except RecursionError as error:
            raise no_fit() from error
        return found if found is None else known_parts(found)

    def bound_data(self, data: Any, initial: Any) -> None:
        # An answer is good once; a page that is drawn again asks anew.
        return None

    def prepare_value(self, value: Any) -> str:
        return ""


def known_parts(found: Any) -> dict[str, Any]:
    """Return the known parts of an answer; ValidationError when it is none."""
    inner = found.get("response") if isinstance(found, Mapping) else None
    if not isinstance(inner, Mapping):
        raise no_fit()
    kept: dict[str, Any] = texts(found, PARTS)
    kept["response"] = texts(inner, INNER)
    kept["clientExtensionResults"] = extensions(found)
    return kept


def texts(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    parts = {name: found[name] for name in names if found.get(name) is not None}
    for value in parts.values():
        if not isinstance(value, str) or not BASE64.fullmatch(value):
            raise no_fit()
    return parts


def extensions(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether the key can sign in alone, if the browser says so."""
    told = found.get("clientExtensionResults")
    properties = told.get("credProps") if isinstance(told, Mapping) else None
    rk = properties.get("rk") if isinstance(properties, Mapping) else None
    return {"credProps": {"rk": rk}} if isinstance(rk, bool) else {}


def no_fit() -> ValidationError:
    return get_adapter().validation_error("incorrect_code")


def readable(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Turn what a parser stumbles over into a refusal."""

    @wraps(clean)
    def careful(form: Any) -> Any:
        try:
            return clean(form)
        except UNREADABLE as error:
            raise no_fit() from error

    return careful


class SpacedCode(OurWords):
    """Takes a code the way apps show it, in two groups."""

    labels = CODE

    def clean_code(self) -> Any:
        typed = self.cleaned_data["code"]  # type: ignore[attr-defined]
        self.cleaned_data["code"] = re.sub(r"[\s-]", "", typed)  # type: ignore[attr-defined]
        return super().clean_code()  # type: ignore[misc]


class CodeOnce(SpacedCode):
    """Takes a code of the app once, for as long as its clock may be off."""

    def clean_code(self) -> Any:
        code = super().clean_code()
        factor = self.authenticator.wrap()  # type: ignore[attr-defined]
        if isinstance(factor, TOTP):
            # allauth forgets it after one period, and takes it for three.
            periods = 2 * app_settings.TOTP_TOLERANCE + 1
            key = factor._get_used_cache_key(code)
            cache.touch(key, periods * app_settings.TOTP_PERIOD)
        return code


class AuthenticateForm(CodeOnce, codes.AuthenticateForm):
    pass


class ReauthenticateForm(CodeOnce, codes.ReauthenticateForm):
    pass


class ActivateTOTPForm(SpacedCode, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


class PasskeyNamed(forms.Form):
    """The name by which a person knows a passkey."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("The device or password manager that keeps it."),
    )


class AddPasskeyForm(PasskeyNamed, webauthn.AddWebAuthnForm):
    credential = CredentialField()
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("It then asks for your fingerprint, face or PIN."),
    )
    field_order = ("name", "passwordless", "credential")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By now the key exists: a missing name is made up instead of refused.
        self.fields["name"].required = False

    @readable
    def clean(self) -> Any:
        return super().clean()


class RenamePasskeyForm(PasskeyNamed, webauthn.EditWebAuthnForm):
    def save(self) -> Any:
        before = {"name": self.instance.wrap().name}
        with transaction.atomic():
            saved = super().save()
            flows.tell(
                "user.passkey_renamed",
                saved.user,
                before=before,
                after={"name": self.cleaned_data["name"]},
            )
        return saved


class PasskeySignInForm(webauthn.LoginWebAuthnForm):
    credential = CredentialField()
    clean_credential = readable(webauthn.LoginWebAuthnForm.clean_credential)


class PasskeyStepForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()
    clean_credential = readable(webauthn.AuthenticateWebAuthnForm.clean_credential)


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField()
    clean_credential = readable(webauthn.ReauthenticateWebAuthnForm.clean_credential)
