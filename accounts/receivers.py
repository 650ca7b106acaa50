"""What allauth tells us about addresses, told on in our own words."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed

from accounts import flows


def confirm_person(*, email_address: EmailAddress, **kwargs: Any) -> None:
    """Keep the person's flag in step with their address, whatever confirmed it."""
    flows.confirm_person(user=email_address.user)


def tell_change(
    *,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **kwargs: Any,
) -> None:
    """Tell that a person moved to another address; a first one is no change."""
    if from_email_address is not None:
        flows.tell(
            "user.email_changed",
            to_email_address.user,
            before={"email": from_email_address.email},
            after={"email": to_email_address.email},
        )


def connect() -> None:
    """Listen, once."""
    email_confirmed.connect(confirm_person, dispatch_uid="accounts.confirm_person")
    email_changed.connect(tell_change, dispatch_uid="accounts.tell_change")
