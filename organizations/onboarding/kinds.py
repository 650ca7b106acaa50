"""The kinds of steps there are; the product adds its own when it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise

PROFILE: Final = "profile"
ORGANIZATION: Final = "organization"
COLLEAGUES: Final = "colleagues"
NOTE: Final = "note"
# So many characters of what was typed are kept while somebody looks at another step.
MOST_KEPT: Final = 8_000


class StepForm(forms.Form):
    """What a step asks of a person; without a request it is only looked at.

    `again` says that the step was done before: nothing has to be added then.
    """

    def __init__(
        self, *args: Any, request: Any = None, again: bool = False, **kwargs: Any
    ) -> None:
        known = self.known(request) if request is not None else {}
        kwargs["initial"] = known | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.request, self.again = request, again

    @classmethod
    def known(cls, request: Any) -> dict[str, Any]:
        """Return what the fields hold before anything is typed."""
        return {}

    def so_far(self) -> Sequence[str]:
        """Return what the step has brought already, in words."""
        return ()

    def act(self) -> bool:
        """Do what a valid form asks for; False when it has errors by then."""
        return True

    def draft(self) -> dict[str, str]:
        """Return what was typed, as it was typed: files and NUL cannot be kept."""
        return {
            name: self.data.get(name, "").replace("\x00", "")[:MOST_KEPT]
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }


@dataclass(frozen=True)
class Kind:
    """One kind of step: its name in the progress bar, the words it has unless staff
    write others, and its form. `ability` is what it takes in the organization."""

    label: str | Promise
    title: str | Promise
    text: str | Promise
    form: type[StepForm] = StepForm
    ability: str = ""
    fields: str = "onboarding/fields.html"


kinds: dict[str, Kind] = {}
