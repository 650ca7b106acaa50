"""Forms about API keys: what they are called, what they may, how long they last."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.api.models import OVERLAP, ApiKey
from organizations.api.offered import choices
from organizations.forms import visible_name

KEEP, ON, NEVER = "keep", "on", "never"
# Further ahead than anybody plans.
LONGEST: Final = timedelta(days=3650)
AGES: Final = [
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
    (ON, _("On a day")),
    (NEVER, _("Never")),
]
DAY, NOW = "day", "now"


class ExpiryForm(forms.Form):
    """How long a key lasts; `key` is the one that is changed, if there is one."""

    expires = forms.ChoiceField(label=_("Expires"), choices=AGES, initial="90")
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, key: ApiKey | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        if key is not None:
            field: Any = self.fields["expires"]
            field.choices = [(KEEP, _("As it is")), *AGES]
            field.initial = KEEP

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if self.cleaned_data.get("expires") != ON:
            return None
        today = timezone.localdate()
        if day is None or not today <= day <= today + LONGEST:
            raise ValidationError(_("Choose a day from today on, within ten years."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        """Return the moment from which the key opens nothing; None for never."""
        age, day = self.cleaned_data["expires"], self.cleaned_data["expires_on"]
        if age == KEEP:
            return self.key.expires_at if self.key else None
        if age == ON:
            end = datetime.combine(day + timedelta(days=1), time.min)
            return timezone.make_aware(end)
        return None if age == NEVER else timezone.now() + timedelta(days=int(age))


class KeyForm(ExpiryForm):
    """A key; what its maker may not do cannot be given, only kept."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        validators=[visible_name],
        help_text=_("The program that uses it: “Shop backend”."),
        error_messages={"required": _("Give it a name.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing."),
            "invalid_choice": _("You may not do that yourself."),
        },
    )
    field_order = ("name", "scopes", "expires", "expires_on")

    def __init__(self, *args: Any, own: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scopes"]
        has = self.key.scopes if self.key else ()
        field.choices = choices({*own, *has})

    @property
    def scope_groups(self) -> list[tuple[Any, list[Any]]]:
        """Return each group with its boxes, ready to be drawn."""
        boxes = {str(box.data["value"]): box for box in self["scopes"]}
        field: Any = self.fields["scopes"]
        return [
            (group, [boxes[name] for name, _word in scopes])
            for group, scopes in field.choices
        ]

    def values(self) -> dict[str, Any]:
        """Return what a flow is given."""
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": self.expires_at,
        }


class RotateForm(ExpiryForm):
    """When the former secret ends, and when the key does."""

    former = forms.ChoiceField(
        label=_("The present secret"),
        choices=[
            (DAY, _("Works for 24 hours more, while the program changes over")),
            (NOW, _("Ends at once")),
        ],
        widget=forms.RadioSelect,
        initial=DAY,
    )
    field_order = ("former", "expires", "expires_on")

    def values(self) -> dict[str, Any]:
        """Return what a flow is given."""
        stays = self.cleaned_data["former"] == DAY
        overlap = OVERLAP if stays else timedelta(0)
        return {"overlap": overlap, "expires_at": self.expires_at}


DRAFTED: Final = ("name", "scopes", "expires", "expires_on", "former")


def draft_of(form: forms.Form) -> str:
    """Return what was typed into a form as an address says it."""
    sent: Any = form.data
    kept = {name: sent.getlist(name) for name in DRAFTED if name in sent}
    return urlencode(kept, doseq=True)


def drafted(query: QueryDict) -> dict[str, Any]:
    """Return what an address says a form begins with."""
    found: dict[str, Any] = {name: query[name] for name in DRAFTED if name in query}
    if "scopes" in query:
        found["scopes"] = query.getlist("scopes")
    return found
