"""Who may make an account: everybody, the addresses of some domains, or nobody."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

FOREIGN: Final = _("This server takes addresses of %(domains)s only.")


def takes_newcomers() -> bool:
    """Return whether anybody can make an account at all."""
    return bool(settings.SIGNUP_MODE != "closed")


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
        refuse_foreign_domain(self.cleaned_data["email"])  # type: ignore[attr-defined]
        return super().clean_email()  # type: ignore[misc]
