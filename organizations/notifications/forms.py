"""The inbox's forms: which part of it, and the matrix of what one wants to hear."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from organizations.notifications.choices import Chosen, channels_of
from organizations.notifications.flows import Matrix
from organizations.notifications.kinds import GROUPS, KINDS, Kind
from organizations.notifications.models import Channel

SHOWN = {
    "all": _("All"),
    "unread": _("Unread"),
    "mentions": _("Mentions"),
    "archived": _("Archived"),
}


class ShownForm(forms.Form):
    """Which part of the inbox is shown; what makes no sense is all of it."""

    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False)

    def shown(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("show") or "all"


class Cell(NamedTuple):
    """A place in the matrix: a box, or None where there is nothing to choose."""

    label: Any
    box: BoundField | None
    is_on: bool


class MatrixForm(forms.Form):
    """How a person wants to hear of what: a box for each kind and channel.

    What is critical, and what a channel cannot carry, has no box.
    """

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        abilities: Collection[str],
        chosen: Chosen,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [each for each in KINDS.values() if each.concerns(abilities)]
        self.on = {
            kind.code: channels_of(kind, organization, chosen) for kind in self.kinds
        }
        for kind in self.kinds:
            for channel in kind.channels if not kind.is_critical else ():
                self.fields[name_of(kind, channel)] = forms.BooleanField(
                    required=False,
                    initial=channel in self.on[kind.code],
                    label=_("%(kind)s: %(channel)s")
                    % {"kind": kind.title, "channel": channel.label},
                )

    def rows(self) -> Iterator[tuple[Any, list[tuple[Kind, list[Cell]]]]]:
        """Yield each group's title with its kinds and their cells."""
        for group, title in GROUPS.items():
            kinds = [kind for kind in self.kinds if kind.group == group]
            if kinds:
                yield title, [(kind, self.cells(kind)) for kind in kinds]

    def cells(self, kind: Kind) -> list[Cell]:
        return [self.cell(kind, channel) for channel in Channel]

    def cell(self, kind: Kind, channel: Channel) -> Cell:
        name = name_of(kind, channel)
        box = self[name] if name in self.fields else None
        return Cell(channel.label, box, channel in self.on[kind.code])

    def wanted(self) -> Matrix:
        """Return what was chosen, by kind and channel."""
        return {
            (kind.code, channel): self.cleaned_data[name_of(kind, channel)]
            for kind in self.kinds
            for channel in Channel
            if name_of(kind, channel) in self.fields
        }


class WayOutForm(forms.Form):
    """What is sent to be told no more: a mail program's word, and nothing by a page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The name that RFC 8058 gives it is none of Python's.
        self.fields["List-Unsubscribe"] = forms.CharField(required=False)


def name_of(kind: Kind, channel: Channel) -> str:
    return f"{kind.code}-{channel}"
