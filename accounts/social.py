"""What allauth's sign-in by other providers asks us: who is whom, and who is let in."""

from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
)
from allauth.socialaccount.forms import SignupForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import doors, flows
from accounts.models import User, offered_language
from accounts.words import EMAIL, OurWords

NAMES = ("first_name", "last_name")
TOLD = ("email", "name", "login", "preferred_username")
# What an id becomes that is missing from an answer.
NOBODY = ("", "None")


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers of the settings only; an address counts where both sides proved it."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _(
            "There is an account with this address. Sign in to it, then connect %s."
        ),
        "no_password": _("It is your last way to sign in. Set a password first."),
        "no_verified_email": _("Confirm your e-mail address first."),
        "connected_other": _("It belongs to another account here."),
    }

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[Any]:
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        proven = [
            one.email.lower() for one in sociallogin.email_addresses if one.verified
        ]
        known = EmailAddress.objects.filter(email__in=proven, verified=True)
        found = known.select_related("user").first()
        return (found.user, found.email) if found else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        if not doors.takes_newcomers(request):
            return False
        try:
            for one in sociallogin.email_addresses[:1]:
                doors.refuse_uninvited(one.email)
                doors.refuse_foreign_domain(one.email)
        except ValidationError:
            return False
        return True

    def save_user(
        self, request: HttpRequest, sociallogin: Any, form: Any = None
    ) -> User:
        sociallogin.user.language = offered_language(get_language() or "")
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            facts = {"email": user.email, "provider": sociallogin.account.provider}
            flows.tell("user.signed_up", user, after=facts)
        return user

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        examine(sociallogin)
        user = super().populate_user(request, sociallogin, data)
        for name in NAMES:
            field: Any = User._meta.get_field(name)
            setattr(user, name, visible(getattr(user, name))[: field.max_length])
        return user

    def serialize_instance(self, instance: Any) -> Any:
        if not isinstance(instance, User):
            return super().serialize_instance(instance)
        # What waits in a session knows a person by id, a newcomer by what was told.
        names = ("email", *NAMES) if instance._state.adding else ("id",)
        return {name: str(getattr(instance, name)) for name in names}

    def deserialize_instance(self, model: Any, data: Any) -> Any:
        if model is not User:
            return super().deserialize_instance(model, data)
        if "id" in data:
            return User.objects.get(pk=data["id"])
        return User(**data)


class SocialSignupForm(OurWords, doors.OurDomains, SignupForm):
    labels = {"email": EMAIL}

    def clean_email(self) -> Any:
        doors.refuse_uninvited(self.cleaned_data["email"])
        return super().clean_email()


def examine(sociallogin: Any) -> None:
    """Keep of a provider's answer what we know how to read; ValueError for nobody.

    An address is proven only by a plain true: "false" would be true as well.
    """
    account = sociallogin.account
    if account.uid in NOBODY or account.uid != visible(account.uid):
        raise ValueError("the provider names nobody")
    told = account.get_provider_account().get_user_data() or {}
    account.extra_data = {
        name: visible(told[name])[:200]
        for name in TOLD
        if isinstance(told.get(name), str)
    }
    kept = []
    for one in sociallogin.email_addresses:
        one.verified = one.verified is True
        if valid_email_or_none(one.email):
            kept.append(one)
    sociallogin.email_addresses = kept


def visible(text: Any) -> str:
    """Return a text without what no column takes and no page shows."""
    return "".join(letter for letter in str(text or "") if letter.isprintable())
