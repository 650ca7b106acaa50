"""What the list of entries is narrowed to."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PERIODS: Final = {
    "1": _("Last 24 hours"),
    "7": _("Last 7 days"),
    "30": _("Last 30 days"),
    "90": _("Last 90 days"),
}
SYSTEM: Final = "system"


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
    days = forms.ChoiceField(
        required=False, choices=[("", _("All time")), *PERIODS.items()]
    )
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    target_type = forms.CharField(required=False, max_length=80)
    target_id = forms.CharField(required=False, max_length=100)
    request = forms.CharField(required=False, max_length=64)
    before = PlaceField(required=False, max_length=60)

    def clean_actor(self) -> UUID | str | None:
        actor = self.cleaned_data["actor"]
        if actor in ("", SYSTEM):
            return actor or None
        try:
            return UUID(actor)
        except ValueError as error:
            raise ValidationError("not a person") from error

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return when the chosen period began and ended; dates are whole days."""
        days = self.cleaned_data.get("days")
        begin = timezone.now() - timedelta(days=int(days)) if days else None
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        return midnight(since) or begin, midnight(until, days=1)

    def chosen(self) -> dict[str, str]:
        """Return the filters that were understood, as they stand in an address."""
        return {
            name: str(self.cleaned_data[name])
            for name in self.fields
            if name != "before" and self.cleaned_data.get(name)
        }


def midnight(day: date | None, days: int = 0) -> datetime | None:
    """Return when a day began where the person is, or some days later."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day, time()) + timedelta(days))
    except (OverflowError, ValueError):
        return None


def place(entry: Any) -> str:
    """Return where the page after an entry begins, as PlaceField reads it."""
    since = entry.created_at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since // timedelta(microseconds=1)}.{entry.pk}"
