"""Forms about the person."""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, TypeVar
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import flows
from accounts.doors import OurDomains, refuse_uninvited
from accounts.models import User, offered_language
from accounts.pictures import NoPicture, TooManyPixels, drawn, is_small
from accounts.terms import WithTerms
from accounts.words import EMAIL, OurWords

Drawn = TypeVar("Drawn")


class SignupForm(WithTerms, OurWords, OurDomains, BaseSignupForm):
    labels = {"email": EMAIL}
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

    def clean_email(self) -> Any:
        refuse_uninvited(self.cleaned_data["email"])
        return super().clean_email()

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            user = super().save(request)
            facts = {"email": user.email}
            if user.terms_version:
                facts["terms"] = user.terms_version
            flows.tell("user.signed_up", user, after=facts)
        return user

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.language = offered_language(get_language() or "")
        if settings.TERMS_VERSION:
            user.mark_terms(settings.TERMS_VERSION)
        user.save(update_fields=["language", *User.TERMS_FIELDS])


class Select(forms.Select):
    """A select of hundreds of places, drawn at once: Django's draws each by itself,
    which takes longer than the rest of the page."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if key == value else "", label)
                for key, label in self.choices
            ),
        )
        attributes = flatatt(
            self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        )
        return format_html("<select{}>{}</select>", attributes, options)


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: settings.LANGUAGES
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: time_zones(),  # type: ignore[has-type]
        widget=Select,
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language", "theme", "timezone")
        widgets: ClassVar[dict[str, Any]] = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "theme": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]


class HotkeysForm(forms.Form):
    hotkeys = forms.BooleanField(label=_("Single keys do things"), required=False)


class PictureForm(forms.Form):
    """A picture or a logo; what is clean is already drawn anew."""

    picture = forms.FileField(
        label=_("Picture"),
        error_messages={
            "required": _("Choose a picture first."),
            "empty": _("The file is empty. Choose another one."),
        },
        widget=forms.FileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}
        ),
    )

    def clean_picture(self) -> dict[int, bytes]:
        return read_picture(self.cleaned_data["picture"], drawn)


def read_picture(upload: UploadedFile, draw: Callable[[bytes], Drawn]) -> Drawn:
    """Return what is drawn of an upload; ValidationError says what is wrong with it."""
    if not is_small(upload):
        raise forms.ValidationError(
            _("The file is larger than 5 MB. Choose a smaller one.")
        )
    try:
        return draw(upload.read())
    except TooManyPixels:
        words = _("The picture has more than 40 million pixels. Make it smaller.")
    except NoPicture:
        words = _(
            "This is no whole PNG, JPEG, WebP or GIF picture. Choose another one."
        )
    raise forms.ValidationError(words)


@cache
def time_zones() -> list[tuple[str, str]]:
    """Return every place with a time of its own, and UTC."""
    places = sorted(name for name in available_timezones() if name.startswith(AREAS))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


AREAS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/"),
    *("Australia/", "Europe/", "Indian/", "Pacific/"),
)
