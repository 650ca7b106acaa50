"""What part of the events is shown."""

from django import forms


class EventForm(forms.Form):
    """Which type, and before which one; what makes no sense is left out."""

    type = forms.CharField(required=False, max_length=80)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def wanted(self) -> dict[str, str | int]:
        """Return what was asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
