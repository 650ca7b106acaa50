"""Forms about labels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_name
from tasks.labels.models import Colour, Label


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

    def __init__(self, *args: Any, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label = label

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        taken = Label.objects.filter(name__iexact=name)
        if self.label is not None:
            taken = taken.exclude(pk=self.label.pk)
        if taken.exists():
            words = _("There is a label called “%(name)s”. Choose another name.")
            raise forms.ValidationError(words, params={"name": name})
        return name
