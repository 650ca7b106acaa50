"""What is sent when somebody puts a banner away."""

from django import forms

from accounts.banners.models import Placement
from accounts.ways import page_of_ours


class DismissForm(forms.Form):
    """Where the banner stood, and which page one goes back to."""

    placement = forms.ChoiceField(choices=Placement, required=False)
    next = forms.CharField(required=False)

    def clean_placement(self) -> str:
        return self.cleaned_data["placement"] or Placement.APP

    def clean_next(self) -> str:
        return page_of_ours(self.cleaned_data["next"])
