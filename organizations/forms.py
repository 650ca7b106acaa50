"""Forms about organizations and their members."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Theme
from organizations.flows import free_slug
from organizations.models import Organization
from organizations.naming import RESERVED

SLUG = Organization._meta.get_field("slug")
PREFIX = Organization._meta.get_field("task_prefix")


# Marks that turn the direction of whatever follows them on the page.
TURNS = {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDF", "PDI"}
BREAKS = {"Cc", "Zl", "Zp"}


def visible_name(value: str) -> None:
    """Refuse a name that shows nothing, or that would disturb the line it stands in."""
    kinds = {unicodedata.category(letter) for letter in value}
    turns = {unicodedata.bidirectional(letter) for letter in value} & TURNS
    if kinds & BREAKS or turns or {kind[0] for kind in kinds} <= {"C", "Z", "M"}:
        raise ValidationError(_("Write it with letters that can be seen."))


def not_reserved(value: str) -> None:
    if value in RESERVED:
        raise ValidationError(
            _("“%(slug)s” is kept for Insula's own pages. Choose another one."),
            params={"slug": value},
        )


class OrganizationForm(forms.Form):
    """Name, address and task prefix; the last two are made up where left empty."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        validators=[visible_name],
        error_messages={"required": _("Give it a name your colleagues will know.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=50,
        validators=[not_reserved],
        help_text=_("Small letters, digits and hyphens. Left empty, we make one."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    task_prefix = forms.CharField(
        label=_("Task prefix"),
        required=False,
        max_length=6,
        help_text=_("Tasks are numbered with it: KES-1, KES-2. Two to six capitals."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if slug:
            check(SLUG, slug, _("Only small letters, digits and single hyphens."))
        return slug

    def clean_task_prefix(self) -> str:
        prefix = self.cleaned_data["task_prefix"].upper()
        if prefix:
            check(PREFIX, prefix, _("A capital letter, then letters or digits."))
        return prefix

    def add_slug_taken(self, slug: str) -> None:
        """Say that an address is taken, and which one near it is not."""
        words = _("“%(slug)s” is taken. “%(free)s” is free.")
        self.add_error("slug", words % {"slug": slug, "free": free_slug(slug)})


class SettingsForm(OrganizationForm):
    """An organization's facts and what it prefers; nothing can be left empty."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=Theme.choices,
        help_text=_("For members who have not chosen one for themselves."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", "task_prefix"):
            self.fields[name].required = True
        self.fields["slug"].help_text = _("Small letters, digits and hyphens.")

    def values(self, organization: Organization) -> dict[str, Any]:
        """Return what the organization's fields shall be."""
        values = dict(self.cleaned_data)
        theme = values.pop("theme")
        preferred = organization.settings
        if theme != organization.preference("theme"):
            preferred = preferred | {"theme": theme}
        return values | {"settings": preferred}


class SwitchForm(forms.Form):
    """Which organization to enter."""

    organization = forms.UUIDField()


def check(field: Any, value: str, words: Any) -> None:
    """Run a model field's validators, with one message of ours for all of them."""
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise ValidationError(words) from error
