"""Forms of endpoints, and what their log is narrowed to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.events.catalogue import CATALOGUE, EVENTS
from organizations.paging import PlaceForm
from organizations.webhooks.addresses import (
    NotAnAddress,
    PlainHttp,
    Refused,
    Unfindable,
    places_of,
)
from organizations.webhooks.models import (
    DESCRIPTION_LENGTH,
    URL_LENGTH,
    Endpoint,
    State,
)
from organizations.webhooks.purging import DAYS_KEPT

# Beyond these a day's ends are no moments in every time zone.
DAYS: Final = (
    MinValueValidator(date(2000, 1, 1)),
    MaxValueValidator(date(2999, 12, 31)),
)
WRITE_LIKE: Final = _("Write it like https://example.com/hooks.")
# The first that fits is said.
REFUSALS: Final = (
    (NotAnAddress, _("That is not an address we can send to. %s") % WRITE_LIKE),
    (PlainHttp, _("Only addresses with https:// are sent to.")),
    (
        Refused,
        _(
            "That is a private address. Events are sent to addresses of the public"
            " internet only."
        ),
    ),
    (Unfindable, _("That host cannot be found. Check how it is written.")),
)
GROUPS: Final = {f"{name}.*": title for name, (title, _events) in CATALOGUE.items()}
CHOICES: Final = [
    *GROUPS.items(),
    *((name, words) for name, words in EVENTS.items()),
]
SINCE: Final = {
    "1": _("Last hour"),
    "24": _("Last 24 hours"),
    "168": _("Last 7 days"),
    str(DAYS_KEPT * 24): _("Last 30 days"),
}


class EndpointForm(forms.Form):
    """Where an endpoint is, and what it is told; nothing chosen means every event."""

    url = forms.CharField(
        label=_("Address"),
        max_length=URL_LENGTH,
        help_text=WRITE_LIKE,
        widget=forms.URLInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "class": "mono"}
        ),
    )
    description = forms.CharField(
        label=_("Description"), max_length=DESCRIPTION_LENGTH, required=False
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=CHOICES, required=False
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            async_to_sync(places_of)(url)
        except OSError as error:
            raise ValidationError(refusal(error)) from error
        return url

    def clean_events(self) -> list[str]:
        chosen = dict.fromkeys(self.cleaned_data["events"])
        # All of a group says each of its events.
        return [
            name
            for name in chosen
            if name in GROUPS or f"{name.partition('.')[0]}.*" not in chosen
        ]

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield the groups of events as the page shows them, ticked where chosen."""
        chosen = set(self["events"].value() or ())
        for group, (title, events) in CATALOGUE.items():
            lines = [
                {"name": name, "words": words, "on": name in chosen}
                for name, words in events.items()
            ]
            whole = f"{group}.*" in chosen
            some = whole or any(line["on"] for line in lines)
            yield {
                "name": f"{group}.*",
                "title": title,
                "on": whole,
                "some": some,
                "lines": lines,
            }


def refusal(error: OSError) -> Any:
    """Return why an address is not sent to, in a sentence."""
    return next(words for kind, words in REFUSALS if isinstance(error, kind))


def initial_of(endpoint: Endpoint) -> dict[str, Any]:
    """Return what the form of an endpoint begins with."""
    return {
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events,
    }


class LogForm(PlaceForm):
    """Narrows the log by state, event and day; what makes no sense is no filter."""

    state = forms.ChoiceField(
        required=False, choices=[("", _("Any state")), *State.choices]
    )
    event = forms.CharField(required=False, max_length=80)
    day = forms.DateField(required=False, validators=DAYS)

    def days(self) -> list[date]:
        """Return the days of the log, today first."""
        today = timezone.localdate()
        return [today - timedelta(days=number) for number in range(DAYS_KEPT + 1)]

    def filters(self) -> dict[str, Any]:
        """Return the filters that were understood."""
        self.is_valid()
        names = ("state", "event", "day")
        return {name: v for name in names if (v := self.cleaned_data.get(name))}


class SinceForm(forms.Form):
    """Since when everything that failed is sent once more."""

    hours = forms.ChoiceField(
        label=_("Failed deliveries of"), choices=list(SINCE.items()), initial="24"
    )

    def since(self) -> datetime:
        hours = int(self.cleaned_data["hours"])
        return timezone.now() - timedelta(hours=hours)


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends where the reader is."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, begin + timedelta(days=1)
