"""The steps that every product has; its own are added by the product."""

from django.utils.translation import gettext_lazy as _

from organizations.onboarding.forms import ColleaguesForm, FoundingForm, ProfileForm
from organizations.onboarding.kinds import (
    COLLEAGUES,
    NOTE,
    ORGANIZATION,
    PROFILE,
    Kind,
    kinds,
)


def connect() -> None:
    """Make the steps known, once."""
    kinds[PROFILE] = Kind(
        label=_("You"),
        title=_("What should colleagues call you?"),
        text=_("Your name and picture stand beside whatever you do."),
        form=ProfileForm,
        fields="onboarding/profile_fields.html",
    )
    kinds[ORGANIZATION] = Kind(
        label=_("Organization"),
        title=_("Name your organization"),
        text=_("This is what colleagues see. You can change all of it later."),
        form=FoundingForm,
        ability="organization.edit",
        fields="onboarding/organization_fields.html",
    )
    kinds[COLLEAGUES] = Kind(
        label=_("Colleagues"),
        title=_("Who works with you?"),
        text=_("Each gets a mail with a link that works for seven days."),
        form=ColleaguesForm,
        ability="members.invite",
    )
    kinds[NOTE] = Kind(label=_("Note"), title=_("Good to know"), text="")
