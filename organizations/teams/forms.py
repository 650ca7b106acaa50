"""Forms about teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_name
from organizations.models import Membership
from organizations.teams.models import Team, TeamMembership


class TeamForm(forms.Form):
    """What a team is called, and what it is for."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        validators=[visible_name],
        error_messages={"required": _("Give it a name.")},
    )
    description = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def add_name_taken(self) -> None:
        """Say that there is such a team."""
        words = _("There is a team called “%(name)s”. Choose another name.")
        self.add_error("name", words % self.cleaned_data)


class PlaceForm(forms.Form):
    """What the pages of a team begin with: where in the list, and who is looked for."""

    q = forms.CharField(required=False, max_length=100)
    after = forms.UUIDField(required=False)


class AddForm(forms.Form):
    """Which of the organization's members joins a team."""

    member = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        error_messages={"invalid_choice": _("That person is no member here.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.queryset = Membership.objects.select_related("user")


class TakeOutForm(forms.Form):
    """Which of a team's people leaves it."""

    place = forms.ModelChoiceField(queryset=TeamMembership.objects.none())

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        rows = TeamMembership.objects.filter(team=team)
        field.queryset = rows.select_related("user")
