"""People of the stories: verified accounts, as if they had signed up long ago."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from organizations.tenancy import identity, no_context


def make_person(*, email: str, password: str | None = None, **values: Any) -> User:
    """Make a person whose address is verified; without a password no door opens."""
    with no_context(), identity(), transaction.atomic():
        user = User.objects.create_user(email, password, email_verified=True, **values)
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
    return user


def known(addresses: list[str]) -> bool:
    """Return whether anybody has one of the addresses."""
    with no_context(), identity():
        return User.objects.filter(email__in=addresses).exists()


def anybody() -> bool:
    """Return whether the database has any person in it."""
    with no_context(), identity():
        return User.objects.exists()
