"""What each step asks, and what comes of the answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.flows import change_picture, change_profile
from accounts.forms import read_picture
from accounts.models import User
from accounts.pictures import drawn
from organizations.flows import (
    SlugTaken,
    create_organization,
    edit_organization,
    free_slug,
    is_free,
)
from organizations.forms import OrganizationForm
from organizations.invitations.addresses import pasted
from organizations.invitations.flows import Outcome, Result, invite, newcomers
from organizations.invitations.forms import MOST_AT_ONCE
from organizations.invitations.models import Invitation
from organizations.invitations.seats import seats_of
from organizations.limits.answers import who
from organizations.models import Membership, Role
from organizations.naming import slug_from
from organizations.onboarding.kinds import MOST_KEPT, StepForm
from organizations.pictures.flows import change_logo
from organizations.tenancy import as_user, no_context, tenant
from organizations.views import enter

PICTURES = "image/png,image/jpeg,image/webp,image/gif"
PICTURE_HINT = _("PNG, JPEG, WebP or GIF, up to 5 MB. The middle is cut out.")
NEW_ADDRESS = _("Small letters, digits and hyphens. Left empty, we make one.")
KEPT_ADDRESS = _(
    "Small letters, digits and hyphens. If you change it, the old address forwards."
)
MOST_NAMED = 10


class PictureField(forms.FileField):
    """A picture that may be left out; what is clean is already drawn anew."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": PICTURES})
        super().__init__(
            required=False, widget=widget, help_text=PICTURE_HINT, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return read_picture(upload, drawn) if upload else None


class ProfileForm(StepForm):
    """Who one is, for colleagues."""

    picture = PictureField(label=_("Picture"))
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Tell your colleagues what to call you.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    @classmethod
    def known(cls, request: Any) -> dict[str, Any]:
        person = request.user
        return {"first_name": person.first_name, "last_name": person.last_name}

    def act(self) -> bool:
        person, values = self.request.user, dict(self.cleaned_data)
        squares = values.pop("picture")
        with no_context(), as_user(person):
            change_profile(user=person, values=values)
            if squares:
                change_picture(user=person, squares=squares)
        return True


class FoundingForm(StepForm, OrganizationForm):
    """The organization: made the first time, mended when somebody comes back to it."""

    task_prefix = None  # type: ignore[assignment]
    logo = PictureField(label=_("Logo"))
    field_order = ("logo", "name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = self.again
        self.fields["slug"].help_text = KEPT_ADDRESS if self.again else NEW_ADDRESS

    @classmethod
    def known(cls, request: Any) -> dict[str, Any]:
        house = request.organization
        return {"name": house.name, "slug": house.slug} if house else {}

    def act(self) -> bool:
        values = {name: self.cleaned_data[name] for name in ("name", "slug")}
        person = self.request.user
        try:
            if self.again:
                house = self.request.organization
                edit_organization(organization=house, by=person, **values)
            else:
                with transaction.atomic():
                    if founded_meanwhile(person):
                        return True
                    house = create_organization(user=person, **values)
                enter(self.request, house)
        except SlugTaken as error:
            self.add_slug_taken(str(error))
            return False
        if squares := self.cleaned_data["logo"]:
            with no_context(), tenant(house, person):
                change_logo(organization=house, by=person, squares=squares)
        return True

    def verdict(self) -> str:
        """Return what is said of an address while it is typed; errors say no."""
        if self.errors.get("slug"):
            return ""
        typed = self.cleaned_data.get("slug", "")
        slug = typed or slug_from(self.cleaned_data.get("name") or "")
        house = self.request.organization
        if self.again and house and slug == house.slug:
            return ""
        if not typed:
            slug = slug if is_free(slug) else free_slug(slug)
            words = _("“%(slug)s” is free, and yours unless you write another.")
            return words % {"slug": slug} if self.cleaned_data.get("name") else ""
        if not is_free(slug):
            self.add_slug_taken(slug)
            return ""
        return _("“%(slug)s” is free.") % {"slug": slug}


def founded_meanwhile(person: Any) -> bool:
    """Return whether somebody has an organization, once their other tabs are done."""
    with no_context(), as_user(person):
        User.objects.select_for_update().get(pk=person.pk)
        return Membership.own.exists()


class ColleaguesForm(StepForm):
    """Whom to invite; nothing is sent while they are more than there are seats."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=MOST_KEPT,
        help_text=_("One on each line, or separated by commas."),
        error_messages={"required": _("Write at least one address, or skip this.")},
        widget=forms.Textarea(
            attrs={"rows": 5, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addresses"].required = not self.again
        self.results: list[Result] = []

    def clean_addresses(self) -> list[str]:
        entries, field = (
            pasted(self.cleaned_data["addresses"]),
            self.fields["addresses"],
        )
        if field.required and not entries:
            raise ValidationError(field.error_messages["required"])
        if len(entries) > MOST_AT_ONCE:
            too_many = _("%(n)s addresses are too many at once: 200 at most.")
            raise ValidationError(too_many % {"n": len(entries)})
        seats, wanted = seats_of(self.request.organization), newcomers(entries)
        if seats.free is not None and len(wanted) > seats.free:
            words = ngettext(
                "You wrote %(n)s address and there are seats for %(free)s more."
                " Nothing was sent.",
                "You wrote %(n)s addresses and there are seats for %(free)s more."
                " Nothing was sent.",
                len(wanted),
            ) % {"n": len(wanted), "free": seats.free}
            raise ValidationError(f"{words} {who(seats.reached, self.request)}")
        return entries

    def so_far(self) -> list[str]:
        waiting = Invitation.objects.waiting().exclude(email="").order_by("-pk")
        return list(waiting.values_list("email", flat=True)[:MOST_NAMED])

    def act(self) -> bool:
        house = self.request.organization
        self.results = invite(
            organization=house,
            by=self.request.user,
            entries=self.cleaned_data["addresses"],
            role=Role(house.joining_role),
        )
        left = [one for one in self.results if one.is_mendable]
        if not left:
            return True
        names = ", ".join(one.entry[:80] for one in left[:MOST_NAMED])
        typed: Any = self.data
        self.data = again = typed.copy()
        again["addresses"] = "\n".join(one.entry for one in left)
        self.add_error("addresses", _("Not invited: %(names)s") % {"names": names})
        return False

    def sent(self) -> int:
        """Return how many were invited although others were not."""
        return sum(one.outcome == Outcome.SENT for one in self.results)


class WayForm(forms.Form):
    """Which of a step's buttons was pressed."""

    go = forms.ChoiceField(
        choices=[("on", "on"), ("back", "back"), ("skip", "skip")], required=False
    )

    def way(self) -> str:
        """Return where to; on, when no button says otherwise."""
        return str(self.cleaned_data["go"] or "on") if self.is_valid() else "on"
