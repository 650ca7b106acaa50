"""Forms about custom roles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_name
from organizations.models import CustomRole, Membership, Role
from organizations.permissions import ABILITIES, GRANTABLE, abilities

BASES = [Role.MEMBER, Role.VIEWER, Role.ADMIN]


def offered() -> list[tuple[str, str]]:
    """Return what a custom role may hold, in the order of the table."""
    return [
        (ability, capfirst(str(words)))
        for ability, (_roles, words) in ABILITIES.items()
        if ability in GRANTABLE
    ]


class CustomRoleForm(forms.Form):
    """What a role is called and what it gives."""

    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        validators=[visible_name],
        error_messages={"required": _("Give it a name.")},
    )
    abilities = forms.MultipleChoiceField(
        label=_("Whoever has it may"),
        choices=offered,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing."),
            "invalid_choice": _("Only owners may do that, or nobody."),
        },
    )

    def clean_abilities(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["abilities"]
        for ability in chosen:
            view = f"{ability.partition('.')[0]}.view"
            if view in ABILITIES and view not in chosen:
                raise ValidationError(
                    _("Whoever may %(change)s has to %(see)s, too: choose both."),
                    params={
                        "change": ABILITIES[ability][1],
                        "see": ABILITIES[view][1],
                    },
                )
        return chosen

    def add_name_taken(self) -> None:
        """Say that there is such a role."""
        words = _("There is a role called “%(name)s”. Choose another name.")
        self.add_error("name", words % self.cleaned_data)


class NewRoleForm(CustomRoleForm):
    """Also which of the four roles it is built on, which never changes."""

    base = forms.ChoiceField(
        label=_("Built on"),
        choices=[(role.value, role.label) for role in BASES],
        widget=forms.RadioSelect,
        help_text=_("Whoever loses the custom role is this again."),
        error_messages={"required": _("Choose a role to build on.")},
    )
    field_order = ("name", "base", "abilities")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = {"base": Role.MEMBER, "abilities": sorted(abilities(Role.MEMBER))}
        kwargs.setdefault("initial", first)
        super().__init__(*args, **kwargs)


class FindForm(forms.Form):
    """Whose abilities are looked up."""

    q = forms.CharField(required=False, max_length=100)


class AssignForm(forms.Form):
    """Which member gets which custom role; left empty, none."""

    member = forms.ModelChoiceField(queryset=Membership.objects.none())
    role = forms.ModelChoiceField(queryset=CustomRole.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["member"]
        members.queryset = Membership.objects.select_related("user")
        roles: Any = self.fields["role"]
        roles.queryset = CustomRole.objects.all()
