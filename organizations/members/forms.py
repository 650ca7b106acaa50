"""Forms about members and offers of ownership."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership, Role
from organizations.permissions import givable


class MemberFilterForm(forms.Form):
    """What the list of members is narrowed to, and where its next page begins."""

    q = forms.CharField(required=False, max_length=100, strip=True)
    role = forms.ChoiceField(
        required=False, choices=[("", _("All roles")), *Role.choices]
    )
    after = forms.UUIDField(required=False)


class RoleForm(forms.Form):
    """The role a member shall have; an owner may stay one."""

    role = forms.ChoiceField(
        label=_("Role"),
        error_messages={
            "required": _("Choose a role."),
            "invalid_choice": _("That is not a role one can be given."),
        },
    )

    def __init__(
        self, *args: Any, member: Membership, own: Collection[str], **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"role": member.role})
        super().__init__(*args, **kwargs)
        # The role as it is can be left as it is.
        roles = {*givable(own), Role(member.role)}
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in Role if role in roles]


class OfferForm(forms.Form):
    """What becomes of the owner who offers ownership to somebody else."""

    stays_owner = forms.TypedChoiceField(
        label=_("And you?"),
        choices=[("no", _("I become an admin")), ("yes", _("I stay an owner, too"))],
        coerce=lambda choice: choice == "yes",
        initial="no",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of you.")},
    )
