"""Forms about labels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_name
from tasks.labels.models import MOST, Colour


class LabelForm(forms.Form):
    """A label's name and colour."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        validators=[visible_name],
        error_messages={"required": _("Give it a name.")},
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour.choices, initial=Colour.BLUE
    )

    def add_too_many(self) -> None:
        """Say how many labels there can be."""
        words = _("There can be %(most)s labels at most. Delete one first.")
        self.add_error(None, words % {"most": MOST})

    def add_name_taken(self) -> None:
        """Say that there is such a label."""
        words = _("There is a label called “%(name)s”. Choose another name.")
        self.add_error("name", words % self.cleaned_data)
