"""Forms about many tasks at once."""

import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms import can_be_seen
from organizations.teams.models import Team
from tasks.changesets.selection import Selection
from tasks.choices import Priority, Status
from tasks.filters import read
from tasks.forms import members
from tasks.labels.models import Label

# A form has no more than a thousand fields.
MOST_PICKED: Final = 900
MOST_LINES: Final = 200
LONGEST_TITLE: Final = 200
UNCHANGED: Final = ("", _("No change"))
NOBODY: Final = "nobody"
NO_TEAM: Final = "none"
# As large as a task's number can be, and no larger.
NUMBER: Final = re.compile(r"[0-9]{1,9}")
DAYS: Final = {"today": 0, "tomorrow": 1, "week": 7}


class PicksField(forms.Field):
    """Ids or numbers that were ticked; what is neither is left out, like one unknown."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID | int]:
        if len(value or ()) > MOST_PICKED:
            raise ValidationError(
                gettext("Select at most %(most)s tasks one by one.")
                % {"most": MOST_PICKED}
            )
        return [found for text in value or () if (found := as_pick(text)) is not None]


def as_pick(text: str) -> UUID | int | None:
    if NUMBER.fullmatch(text):
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        return None


class PickForm(forms.Form):
    """Which tasks, ticked one by one."""

    pick = PicksField(required=False)

    @property
    def ids(self) -> list[UUID]:
        """The ids among what was ticked."""
        return [one for one in self.cleaned_data["pick"] if isinstance(one, UUID)]


class SelectionForm(PickForm):
    """Which tasks: ticked, or all that the list leads to; and the list's address."""

    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
    matching = forms.CharField(
        required=False, max_length=2_000, widget=forms.HiddenInput
    )

    def clean_matching(self) -> str:
        return read(QueryDict(self.cleaned_data["matching"].lstrip("?"))).address(
            cursor=None
        )

    def clean(self) -> None:
        super().clean()
        wanted = self.cleaned_data
        # Nobody sees these fields: what is wrong with them stands above the others.
        for name in ("pick", "matching"):
            for problem in self.errors.pop(name, ()):
                self.add_error(None, problem)
        if "pick" in wanted and not (wanted["pick"] or wanted.get("all")):
            self.add_error(None, gettext("Select at least one task."))

    @property
    def selection(self) -> Selection:
        """What was selected."""
        wanted = self.cleaned_data
        matching = wanted["matching"] if wanted["all"] else None
        return Selection.of(wanted["pick"], matching)

    @property
    def way_back(self) -> str:
        """The address of the list that was left."""
        found = getattr(self, "cleaned_data", {}).get("matching", "")
        return found if found != "?" else ""


def people() -> list[tuple[str, Any]]:
    """Return whom tasks can be assigned to."""
    found = [(str(one.pk), str(one)) for one in members()]
    return [UNCHANGED, (NOBODY, _("Nobody")), *found]


def teams() -> list[tuple[str, Any]]:
    """Return whose the tasks can be."""
    found = Team.objects.order_by("name").values_list("pk", "name")
    return [UNCHANGED, (NO_TEAM, _("No team")), *((str(pk), it) for pk, it in found)]


def labels() -> list[tuple[str, str]]:
    """Return what the tasks can be labelled with."""
    found = Label.objects.order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in found]


class BulkForm(SelectionForm):
    """What to set in the selected tasks."""

    step = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[UNCHANGED, *Status.choices]
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        required=False,
        choices=[UNCHANGED, *Priority.choices],
        coerce=int,
        empty_value=None,
    )
    assignee = forms.ChoiceField(label=_("Assigned to"), required=False, choices=people)
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[
            UNCHANGED,
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("In a week")),
            ("day", _("On the day below")),
            ("none", _("No due date")),
        ],
    )
    due_date = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    team = forms.ChoiceField(label=_("Team"), required=False, choices=teams)
    labelling = forms.ChoiceField(
        label=_("Labels below"),
        required=False,
        choices=[
            ("", _("Come to those of the task")),
            ("replace", _("Take the place of those of the task")),
        ],
    )
    labels = forms.MultipleChoiceField(
        label=_("Labels"),
        required=False,
        choices=labels,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def is_choosing(self) -> bool:
        """Whether the page was only opened with a selection."""
        return self.cleaned_data.get("step") == "choose"

    def clean(self) -> None:
        super().clean()
        wanted = self.cleaned_data
        if wanted.get("due") == "day" and wanted.get("due_date", "") is None:
            self.add_error("due_date", gettext("Choose a day."))
        if not self.errors and not self.is_choosing and not self.changes():
            self.add_error(None, gettext("Choose what to change."))

    def changes(self) -> dict[str, Any]:
        """Return the fields to set."""
        wanted = self.cleaned_data
        found = {name: wanted[name] for name in ("status", "priority") if wanted[name]}
        if wanted["assignee"]:
            nobody = wanted["assignee"] == NOBODY
            found["assignees"] = [] if nobody else [wanted["assignee"]]
        if wanted["due"]:
            found["due_date"] = self.day()
        if wanted["team"]:
            found["team"] = None if wanted["team"] == NO_TEAM else wanted["team"]
        if wanted["labelling"] == "replace":
            found["labels"] = wanted["labels"]
        elif wanted["labels"]:
            found["added_labels"] = wanted["labels"]
        return found

    def day(self) -> Any:
        due = self.cleaned_data["due"]
        if due in DAYS:
            return timezone.localdate() + timedelta(days=DAYS[due])
        return self.cleaned_data["due_date"] if due == "day" else None


class PlaceForm(forms.Form):
    """Where a page begins, and what it shows."""

    after = forms.UUIDField(required=False)
    q = forms.CharField(required=False, max_length=200)
    whole = forms.BooleanField(required=False)

    @classmethod
    def read(cls, query: Any) -> dict[str, Any]:
        """Return what an address says; what it says badly is left out."""
        form = cls(query)
        form.is_valid()
        return {"after": None, "q": "", "whole": False} | form.cleaned_data


class SeveralForm(forms.Form):
    """Titles of new tasks, one in a line."""

    titles = forms.CharField(
        label=_("Titles, one in each line"),
        max_length=(LONGEST_TITLE + 2) * (MOST_LINES + 50),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean_titles(self) -> list[str]:
        lines = self.cleaned_data["titles"].splitlines()
        problems = [
            gettext("Line %(number)s has %(count)s characters; 200 are the most.")
            % {"number": number, "count": len(line.strip())}
            for number, line in enumerate(lines, 1)
            if len(line.strip()) > LONGEST_TITLE
        ]
        titles = [line.strip() for line in lines if can_be_seen(line)]
        if len(titles) > MOST_LINES:
            problems.insert(
                0,
                gettext("These are %(count)s tasks; 200 can be added at once.")
                % {"count": len(titles)},
            )
        if problems:
            raise ValidationError(problems)
        return titles
