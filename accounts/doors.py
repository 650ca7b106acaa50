"""Who may make an account: everybody, some domains, the invited alone, or nobody."""

from typing import Any, Final

from allauth.core import context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# What a session remembers of an invitation that was found good: token and address.
INVITATION_KEY: Final = "invitation"
UNINVITED: Final = _("The invitation is for %(email)s. Use that address.")
FOREIGN: Final = _("This server takes addresses of %(domains)s only.")


def takes_newcomers(request: Any) -> bool:
    """Return whether whoever asks can make an account at all."""
    if settings.SIGNUP_MODE == "invited":
        return INVITATION_KEY in request.session
    return bool(settings.SIGNUP_MODE != "closed")


def refuse_uninvited(email: str) -> None:
    """Raise ValidationError for another address than the one that was invited."""
    if settings.SIGNUP_MODE != "invited":
        return
    invited = context.request.session.get(INVITATION_KEY, {}).get("email")
    if invited and invited != email.lower():
        raise ValidationError(UNINVITED % {"email": invited})


def refuse_foreign_domain(email: str) -> None:
    """Raise ValidationError for an address this server does not take.

    A domain stands for itself alone, not for those below it.
    """
    domain = email.rpartition("@")[2].lower()
    if settings.SIGNUP_DOMAINS and domain not in settings.SIGNUP_DOMAINS:
        raise ValidationError(FOREIGN % {"domains": listed(settings.SIGNUP_DOMAINS)})


def listed(domains: list[str]) -> str:
    """Return the first domains as people would list them, and how many more."""
    shown, more = domains[:3], len(domains) - 3
    text = ", ".join(shown)
    if more > 0:
        text += " " + ngettext("and %(n)s other", "and %(n)s others", more) % {
            "n": more
        }
    return text


class OurDomains:
    """Lets a form's address in only by the door that stands open."""

    def clean_email(self) -> Any:
        email: str = self.cleaned_data["email"]  # type: ignore[attr-defined]
        refuse_foreign_domain(email)
        return super().clean_email()  # type: ignore[misc]
