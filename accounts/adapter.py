"""What allauth asks us: whom to let in, and how mail leaves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Keeps `User.email_verified` in step and closes the door to the banned."""

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            user = email_address.user
            user.email_verified = True
            user.save(update_fields=["email_verified"])
        return bool(confirmed)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        if user.is_banned:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
