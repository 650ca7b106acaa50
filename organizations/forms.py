"""Forms about organizations and their members."""

import unicodedata
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Theme
from organizations.flows import free_slug
from organizations.metadata import MOST_CHARACTERS, metadata_from
from organizations.models import Organization, Role
from organizations.naming import RESERVED

SLUG = Organization._meta.get_field("slug")
PREFIX = Organization._meta.get_field("task_prefix")


# Marks that turn the direction of whatever follows them on the page.
TURNS = {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDF", "PDI"}
BREAKS = {"Cc", "Zl", "Zp"}
# Signs without a shape of their own. Those that this Python does not know are shown:
# they may be newer than it.
SHAPELESS = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
# Letters and signs that are drawn as nothing: fillers, and Braille without a dot.
EMPTY = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}


def can_be_seen(text: str) -> bool:
    """Return whether anything of a text shows."""
    kinds = {unicodedata.category(letter) for letter in set(text) - EMPTY}
    return not kinds <= SHAPELESS


def visible_text(value: str) -> None:
    """Refuse a text of which nothing can be seen."""
    if not can_be_seen(value):
        raise ValidationError(_("Write it with letters that can be seen."))


def visible_name(value: str) -> None:
    """Refuse a name that shows nothing, or that would disturb the line it stands in."""
    kinds = {unicodedata.category(letter) for letter in value}
    turns = {unicodedata.bidirectional(letter) for letter in value} & TURNS
    if kinds & BREAKS or turns:
        raise ValidationError(_("Write it with letters that can be seen."))
    visible_text(value)


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
    """An organization's facts; nothing can be left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", "task_prefix"):
            self.fields[name].required = True
        self.fields["slug"].help_text = _(
            "Links begin with it. The one before goes on leading here, and nobody else"
            " can take it for 90 days."
        )


class PreferencesForm(forms.Form):
    """What holds for members until they choose for themselves."""

    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    email = forms.BooleanField(label=_("Notify by e-mail"), required=False)
    push = forms.BooleanField(
        label=_("Notify on the device"),
        required=False,
        help_text=_("Also where the browser is closed, once a member allows it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]

    # Where a field's name is not the schema's key.
    KEYS: ClassVar = {"email": "notifications.email", "push": "notifications.push"}

    @classmethod
    def shown(cls, organization: Organization) -> dict[str, Any]:
        """Return what the organization prefers now, by field."""
        names = cls.base_fields
        return {
            name: organization.preference(cls.KEYS.get(name, name)) for name in names
        }

    def chosen(self) -> dict[str, Any]:
        """Return the preferences under the schema's keys."""
        values = self.cleaned_data.items()
        return {self.KEYS.get(name, name): value for name, value in values}


class JoiningForm(forms.Form):
    """The role that whoever joins begins with."""

    joining_role = forms.ChoiceField(
        label=_("Role of newcomers"),
        choices=[(role.value, role.label) for role in (Role.MEMBER, Role.VIEWER)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )


class MetadataForm(forms.Form):
    """Names and values that other programs keep with the organization, as JSON."""

    metadata = forms.CharField(
        label=_("Metadata"),
        required=False,
        max_length=MOST_CHARACTERS,
        help_text=_("One JSON object of up to 8,000 characters; nobody else reads it."),
        widget=forms.Textarea(
            attrs={"rows": 8, "class": "mono", "spellcheck": "false"}
        ),
    )

    def clean_metadata(self) -> dict[str, Any]:
        return metadata_from(self.cleaned_data["metadata"])


class AddressForm(forms.Form):
    """The organization's address, typed by whoever does what can't be undone."""

    hint: Any = ""
    refusal: Any = ""
    typed = forms.CharField(
        label=_("Its address"),
        max_length=50,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slug = organization.slug
        self.fields["typed"].help_text = self.hint % {"slug": self.slug}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.lower() != self.slug:
            raise ValidationError(self.refusal)
        return typed


class DeleteForm(AddressForm):
    """The address, typed by whoever deletes the organization."""

    hint = _("Type %(slug)s, so that nothing is deleted by mistake.")
    refusal = _("That is not its address. Nothing was deleted.")


class RestoreForm(OrganizationForm):
    """A deleted organization, and an address where its own is another one's by now."""

    name = None  # type: ignore[assignment]
    task_prefix = None  # type: ignore[assignment]
    organization = forms.UUIDField(widget=forms.HiddenInput)


class SwitchForm(forms.Form):
    """Which organization to enter."""

    organization = forms.UUIDField()


def check(field: Any, value: str, words: Any) -> None:
    """Run a model field's validators, with one message of ours for all of them."""
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise ValidationError(words) from error
