"""The file, and which of its columns is what."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from tasks.imports.mapping import (
    DAY_FIRST,
    DOUBTS,
    LEAVE,
    MAKE,
    MONTH_FIRST,
    REFUSE,
    acceptable,
    guessed,
)
from tasks.imports.models import MOST_KEPT, Import
from tasks.imports.reading import Shape, examine
from tasks.imports.texts import Unreadable
from tasks.imports.values import FIELDS

UNKNOWN = [(REFUSE, _("Leave the line out")), (LEAVE, _("Leave the field empty"))]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=500,
        help_text=_(
            "CSV: a line of headings, then a line for each task, columns apart by"
            " commas, semicolons or tabs. JSON: an object for each task, one in each"
            " line or all in one array."
        ),
        error_messages={"empty": _("That file is empty.")},
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,"
                "text/tab-separated-values,application/json,application/x-ndjson"
            }
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if Import.objects.exclude(file="").count() >= MOST_KEPT:
            raise ValidationError(
                _("%(n)s files are kept already. Cancel an import, or wait a week."),
                params={"n": MOST_KEPT},
            )
        if file.size > settings.IMPORT_MAX_BYTES:
            most = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(_("That file is too large: %s at most.") % most)
        try:
            self.shape, self.rows = examine(file, file.name)
            acceptable(self.shape)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        return file


class Doubt(forms.ChoiceField):
    """A choice; a page that does not ask for it yet leaves it as it is at first."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.initial)


class MappingForm(forms.Form):
    """For each column a field, or none; and what is done in doubt."""

    people = forms.ChoiceField(
        label=_("Somebody who is not a member"), choices=UNKNOWN, initial=REFUSE
    )
    status = forms.ChoiceField(
        label=_("A status that is none of ours"),
        choices=[(REFUSE, _("Leave the line out")), (LEAVE, _("Make it To do"))],
        initial=REFUSE,
    )
    labels = Doubt(
        label=_("A label that is none of ours"),
        choices=[(MAKE, _("Make the label")), (REFUSE, _("Leave the line out"))],
        initial=MAKE,
    )
    team = Doubt(
        label=_("A team that is none of ours"),
        choices=[
            (LEAVE, _("Leave the field empty")),
            (REFUSE, _("Leave the line out")),
        ],
        initial=LEAVE,
    )
    days = forms.ChoiceField(
        label=_("Dates like 03/04/2026"),
        choices=[
            (DAY_FIRST, _("The day comes first")),
            (MONTH_FIRST, _("The month comes first")),
        ],
    )

    def __init__(self, posted: Any, *, waiting: Import, days: str) -> None:
        self.headings: list[str] = Shape(**waiting.shape).headings
        chosen = DOUBTS | {"days": days} | waiting.mapping
        super().__init__(posted, initial=chosen)
        columns = chosen.get("columns", guessed(self.headings))
        by_place = {place: name for name, place in columns.items()}
        for place, heading in enumerate(self.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading,
                required=False,
                choices=[
                    ("", _("Leave out")),
                    *((n, f.label) for n, f in FIELDS.items()),
                ],
                initial=by_place.get(place, ""),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        columns: dict[str, int] = {}
        for place in range(len(self.headings)):
            name = values.get(f"column_{place}")
            if name and name in columns:
                self.add_error(
                    f"column_{place}",
                    _("“%(other)s” is read into this field already.")
                    % {"other": self.headings[columns[name]]},
                )
            elif name:
                columns[name] = place
        if "title" not in columns and not self.errors:
            self.add_error(None, _("Say which column is the title."))
        values["columns"] = columns
        return values

    def mapping(self) -> dict[str, Any]:
        """Return what was chosen, as an import keeps it."""
        return {name: self.cleaned_data[name] for name in ("columns", *DOUBTS)}

    def columns(self) -> list[Any]:
        """Return the fields that stand for columns, in their order."""
        return [self[f"column_{place}"] for place in range(len(self.headings))]

    def doubts(self) -> list[Any]:
        return [self[name] for name in DOUBTS]
