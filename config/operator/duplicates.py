"""Two rows for one customer: found by what staff type, and their notes put together."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from config.operator.sheets import Refused, Sheet
from organizations.models import Organization
from organizations.notes.flows import merge_notes
from organizations.notes.models import StaffNote, side_of
from organizations.personal.erasure import is_erased


def words_of(row: Any) -> str:
    """Return by what another row of the same kind is found."""
    if side_of(row) == "person":
        return _("E-mail address or id of the other person.")
    return _("Address or id of the other organization.")


def found_by(words: str) -> Any:
    """Return the person or organization of an e-mail address, a slug or an id."""
    words = words.strip()
    try:
        key = UUID(words)
    except ValueError:
        if "@" in words:
            return person_of(words.lower())
        return Organization.objects.filter(slug=words.strip("/").lower()).first()
    people = User.objects.filter(pk=key).first()
    return people or Organization.objects.filter(pk=key).first()


def person_of(email: str) -> User | None:
    """Return whose address it is: the one they sign in with before any other."""
    found = User.objects.filter(email=email).first()
    if found is None:
        others = EmailAddress.objects.filter(email=email).select_related("user")
        other = others.order_by("-verified", "pk").first()
        found = other.user if other else None
    return found


def another(row: Any, words: str) -> Any:
    """Return the other row of the same kind; ValidationError with a sentence."""
    found = found_by(words)
    if found is None:
        raise ValidationError(_("Nobody and nothing is known by that."))
    if side_of(found) != side_of(row):
        if side_of(row) == "person":
            raise ValidationError(_("That is an organization, and this is a person."))
        raise ValidationError(_("That is a person, and this is an organization."))
    if found.pk == row.pk:
        raise ValidationError(_("That is the very same one."))
    if isinstance(found, User) and is_erased(found):
        raise ValidationError(_("That account was erased."))
    return found


def spelled(row: Any) -> str:
    """Return by what staff know a row and find it again."""
    return str(row.email if isinstance(row, User) else row.slug)


def console_page(row: Any) -> str:
    """Return the console's page of a person or an organization."""
    options = row._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return reverse(name, args=[row.pk])


class MergeSheet(Sheet):
    """Move the notes of a duplicate to whom it is one of."""

    name = "merge-notes"
    title = button = gettext_lazy("Merge notes")
    lead = gettext_lazy(
        "Every note of this page moves to the other one. Accounts, organizations and"
        " their data stay as they are."
    )
    permission = "notes.change_staffnote"
    is_tool = False

    into = forms.CharField(
        label=gettext_lazy("Move them to"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say whose notes they become.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].help_text = words_of(self.row)
        said = StaffNote.objects.about(self.row).in_order()
        same = next((note.same_as for note in said if note.same_as), None)
        if same is not None:
            self.initial["into"] = spelled(same)

    def clean_into(self) -> Any:
        return another(self.row, self.cleaned_data["into"])

    def act(self, by: Any) -> str:
        into = self.cleaned_data["into"]
        moved = merge_notes(of=self.row, into=into, by=by)
        if not moved:
            raise Refused(_("There is no note to merge."))
        words = ngettext(
            "%(n)d note moved to %(name)s.", "%(n)d notes moved to %(name)s.", moved
        )
        return words % {"n": moved, "name": into}
