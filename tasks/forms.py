"""Forms about tasks."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.ways import page_of_ours
from organizations.forms import visible_text
from organizations.models import Membership
from organizations.teams.models import Team
from tasks.choices import Priority, Status
from tasks.conflicts import fingerprints, read_base
from tasks.labels.models import Label


def members() -> Any:
    """Return the people of the active organization."""
    return User.objects.filter(
        pk__in=Membership.objects.filter(suspended_at=None).values("user_id")
    ).order_by("name", "pk")


class TaskForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, validators=[visible_text])
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=Status.choices, initial=Status.TODO
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        initial=Priority.MEDIUM,
    )
    due_date = forms.DateField(
        label=_("Due date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    assignees = forms.ModelMultipleChoiceField(
        label=_("Assignees"),
        required=False,
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    labels = forms.ModelMultipleChoiceField(
        label=_("Labels"),
        required=False,
        queryset=Label.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        required=False,
        queryset=Team.objects.none(),
        empty_label=_("No team"),
    )
    base = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("assignees", members()),
            ("labels", Label.objects.order_by("name")),
            ("team", Team.objects.order_by("name")),
        ):
            field: Any = self.fields[name]
            field.queryset = rows

    def clean_base(self) -> dict[str, str]:
        return read_base(self.cleaned_data["base"])


class QuickTaskForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, validators=[visible_text])


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_next(self) -> str:
        """Where to go on: a path of ours; anything else is dropped."""
        return page_of_ours(self.cleaned_data["next"], otherwise="")


PLACES = (
    ("top", _("At the top")),
    ("up", _("One up")),
    ("down", _("One down")),
    ("bottom", _("At the bottom")),
)


class MoveForm(StatusForm):
    """A place on the board: below or above a task, or at an end of a column."""

    where = forms.ChoiceField(label=_("Place"), choices=PLACES, required=False)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_where(self) -> str:
        return self.cleaned_data["where"] or "top"


EDITED = (
    *("title", "description", "status", "priority", "due_date"),
    *("assignees", "labels", "team"),
)


def initial_of(task: Any) -> dict[str, Any]:
    """Return a task as the first values of its form, and their fingerprints."""
    values: dict[str, Any] = task.present(EDITED)
    return values | {"base": json.dumps(fingerprints(values))}
