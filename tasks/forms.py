"""Forms about tasks."""

import json
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.ways import page_of_ours
from organizations.forms import visible_text
from organizations.models import Membership
from organizations.teams.models import Team
from tasks import markdown
from tasks.choices import Priority, Status
from tasks.conflicts import fingerprints, read_base
from tasks.labels.models import Label

# Characters of a description.
MOST_WRITTEN = 50_000


def members() -> Any:
    """Return the people of the active organization."""
    return User.objects.filter(
        pk__in=Membership.objects.filter(suspended_at=None).values("user_id")
    ).order_by("name", "pk")


def assignable(doers: Collection[Any]) -> Any:
    """Return whom a task can be given to, and who has it already though suspended."""
    if not doers:
        return members()
    suspended = Membership.objects.filter(user_id__in=doers).exclude(suspended_at=None)
    kept = Q(pk__in=suspended.values("user_id"))
    active = Membership.objects.filter(suspended_at=None)
    people = User.objects.filter(kept | Q(pk__in=active.values("user_id")))
    return people.annotate(suspended=kept).order_by("name", "pk")


class PeopleField(forms.ModelMultipleChoiceField):
    """People to tick; of who is suspended that is said."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        if not getattr(person, "suspended", False):
            return str(person)
        return gettext("%(name)s (suspended)") % {"name": person}


class Previewed(forms.Form):
    """A form whose Markdown can be looked at before it is sent.

    Asked for that it is never valid, and finds fault with nothing but the text.
    """

    written = "description"

    @property
    def asks_preview(self) -> bool:
        return self.is_bound and "preview" in self.data

    @property
    def preview(self) -> SafeString | None:
        """Return the text as it will look, once that is asked for."""
        if not self.asks_preview or self.errors:
            return None
        return self.draw(self.cleaned_data.get(self.written, ""))

    def draw(self, text: str) -> SafeString:
        return markdown.render(text)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asks_preview

    def full_clean(self) -> None:
        super().full_clean()
        if self.asks_preview:
            for name in self.errors.keys() - {self.written}:
                del self.errors[name]


class TaskForm(Previewed):
    title = forms.CharField(label=_("Title"), max_length=200, validators=[visible_text])
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=MOST_WRITTEN,
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
    assignees = PeopleField(
        label=_("Assignees"), required=False, queryset=User.objects.none()
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
            ("assignees", assignable(self.initial.get("assignees", ()))),
            ("labels", Label.objects.order_by("name")),
            ("team", Team.objects.order_by("name")),
        ):
            field: Any = self.fields[name]
            field.queryset = rows

    def clean_base(self) -> dict[str, str]:
        return read_base(self.cleaned_data["base"])


class FieldForm(TaskForm):
    """One field of a task, taken as the whole form takes it."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields = {each: self.fields[each] for each in (name, "base", "next")}
        if self.is_text:
            self.fields[name].widget.attrs["autofocus"] = True

    @property
    def is_text(self) -> bool:
        """Whether it is written; the others are chosen from a menu."""
        return self.name in ("title", "description")

    @property
    def field(self) -> forms.BoundField:
        return self[self.name]

    @property
    def days(self) -> list[tuple[str, Any]]:
        """Return the due dates that are often meant."""
        today = timezone.localdate()
        return [
            (today.isoformat(), _("Today")),
            ((today + timedelta(days=1)).isoformat(), _("Tomorrow")),
            ((today + timedelta(days=7)).isoformat(), _("In a week")),
            ("", _("No due date")),
        ]

    def clean_next(self) -> str:
        return page_of_ours(self.cleaned_data["next"], otherwise="")


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


def initial_of(task: Any, names: Iterable[str] = EDITED) -> dict[str, Any]:
    """Return a task as the first values of its form, and their fingerprints."""
    values: dict[str, Any] = task.present(names)
    return values | {"base": json.dumps(fingerprints(values))}
