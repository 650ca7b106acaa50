"""What the list of entries is narrowed to, and what is exported."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PERIODS: Final = {
    "1": _("Last 24 hours"),
    "7": _("Last 7 days"),
    "30": _("Last 30 days"),
    "90": _("Last 90 days"),
}
SYSTEM: Final = "system"
PROGRAMS: Final = "programs"
# Beyond these a day's ends are no moments in every time zone.
DAYS: Final = (
    MinValueValidator(date(2000, 1, 1)),
    MaxValueValidator(date(2999, 12, 31)),
)
FORMATS: Final = {"csv": _("CSV"), "jsonl": _("JSON Lines")}


class PlaceField(forms.CharField):
    """Where a page begins: the last entry's microsecond and id, joined by a dot."""

    def clean(self, value: Any) -> tuple[datetime, UUID] | None:
        text = super().clean(value)
        if not text:
            return None
        moment, _dot, key = text.partition(".")
        try:
            return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), UUID(key)
        except (ValueError, OverflowError, OSError) as error:
            raise ValidationError("not a place in the list") from error


class EntryFilterForm(forms.Form):
    """Narrows the entries by actor, action, object, request and time."""

    actor = forms.CharField(required=False, max_length=36)
    action = forms.CharField(required=False, max_length=80)
    type = forms.CharField(required=False, max_length=80)
    object = forms.CharField(required=False, max_length=100)
    request = forms.CharField(required=False, max_length=64)
    days = forms.ChoiceField(
        required=False, choices=[("", _("All time")), *PERIODS.items()]
    )
    since = forms.DateField(required=False, validators=DAYS)
    until = forms.DateField(required=False, validators=DAYS)
    before = PlaceField(required=False, max_length=60)

    def clean_actor(self) -> UUID | str | None:
        actor = self.cleaned_data["actor"]
        if actor in ("", SYSTEM, PROGRAMS):
            return actor or None
        try:
            return UUID(actor)
        except ValueError as error:
            raise ValidationError("not a person") from error

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Return when the chosen time began and ended, in the reader's own days."""
        wanted = self.cleaned_data
        starts = [start_of(wanted["since"])] if wanted.get("since") else []
        if wanted.get("days"):
            starts.append(timezone.now() - timedelta(days=int(wanted["days"])))
        until = wanted.get("until")
        end = start_of(until + timedelta(days=1)) if until else None
        return max(starts, default=None), end

    def filters(self) -> dict[str, str]:
        """Return the filters that were understood, as an address says them."""
        return {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if value and name not in ("before", "format")
        }


class ExportForm(EntryFilterForm):
    """An export under the list's filters; one it does not understand is refused."""

    format = forms.ChoiceField(choices=list(FORMATS.items()))


def start_of(day: date) -> datetime:
    """Return when a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def place(entry: Any) -> str:
    """Return where the page after an entry begins, as PlaceField reads it."""
    since = entry.created_at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since // timedelta(microseconds=1)}.{entry.pk}"
