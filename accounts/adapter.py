"""What allauth asks us: whom to let in, what to remember, how mail leaves."""

import time
from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import doors, flows
from accounts.mail import mail
from accounts.middleware import known_zone
from accounts.models import User, offered_language
from accounts.words import REFUSALS

log = structlog.get_logger("insula.accounts")

ADDRESS_LENGTH = User._meta.get_field("email").max_length
# For so long the page after a refused sign-in tells why.
BAN_TOLD_SECONDS = 300
FAILED_SIGN_IN = {"app": "allauth.account", "action": "login_failed"}


class AccountAdapter(DefaultAccountAdapter):
    """Our answers: the door, the counters behind it, and a record of both."""

    error_messages = DefaultAccountAdapter.error_messages | REFUSALS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return doors.takes_newcomers(request)

    def clean_email(self, email: str) -> str:
        # A form takes 320 characters, and allauth cuts what does not fit the column.
        MaxLengthValidator(ADDRESS_LENGTH)(email)
        return super().clean_email(email)

    def pre_login(
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse | None:
        self.refuse_closed_account(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        # Not every way in asks pre_login: a code that confirms an address does not.
        self.refuse_closed_account(request, user)
        user.backend = settings.AUTHENTICATION_BACKENDS[0]  # type: ignore[attr-defined]
        flows.sign_in(request=request, user=user)

    def logout(self, request: HttpRequest) -> None:
        flows.sign_out(request=request)

    def refuse_closed_account(self, request: HttpRequest, user: User) -> None:
        """Turn away a person who is inactive or banned, and forget their codes."""
        if not user.may_sign_in:
            request.session.flush()
            if user.is_active:
                remember_ban(request, user)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        key = self._get_login_attempts_cache_key(request, **credentials)
        usage = ratelimit.consume(request, **FAILED_SIGN_IN, key=key)
        if not usage:
            request.retry_after = seconds_to_wait(request, key)  # type: ignore[attr-defined]
            raise ImmediateHttpResponse(ratelimit.respond_429(request))
        self._login_failed_rl_usage = usage

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # The same entry for an address we know and for one we do not.
        flows.tell(
            "user.sign_in_failed", None, label=veiled(credentials.get("email") or "")
        )

    def set_password(self, user: User, password: str) -> None:
        request = context.request
        self.refuse_closed_account(request, user)
        name = request.resolver_match.url_name
        is_reset = name == "account_complete_password_reset"
        flows.change_password(
            user=user,
            password=password,
            action="user.password_reset" if is_reset else "user.password_changed",
            present=request.session.session_key,
        )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        self.refuse_closed_account(request, email_address.user)
        with transaction.atomic():
            return super().confirm_email(request, email_address)

    def is_safe_url(self, url: str | None) -> bool:
        # Stricter than allauth: other hosts of ours are elsewhere, too.
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        # A mail server that is away must not tell known from unknown addresses, nor
        # undo a sign-up: every page that mails a code can send another one.
        try:
            mail(template_prefix, email, {"email": email, **context}).send()
        except (OSError, SMTPException):
            log.exception("mail", template=template_prefix)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Records that a person ended sessions on other devices."""

    def end_sessions(self, sessions: Any) -> None:
        ended = list(sessions)
        with transaction.atomic():
            super().end_sessions(ended)
            if ended:
                flows.tell(
                    "user.sessions_ended", ended[0].user, after={"count": len(ended)}
                )


def remember_ban(request: HttpRequest, user: User) -> None:
    """Keep what the next page says of a ban: whoever comes here knew the password."""
    until = ""
    if user.ban_expires_at is not None:
        with translation.override(offered_language(user.language)):
            there = user.ban_expires_at.astimezone(known_zone(user.timezone))
            until = f"{date_format(there, 'DATETIME_FORMAT')} ({there.tzname()})"
    told = {"message": user.ban_message, "until": until, "at": time.time()}
    request.session["ban"] = told


def veiled(address: str) -> str:
    """Return an address of which an operator sees the shape: somebody may have typed
    a password into the wrong field."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain[:100]}"


def seconds_to_wait(request: HttpRequest, key: str) -> int:
    """Return when the next try at signing in would be counted again."""
    waits = [1.0]
    for rate in ratelimit.get_rates(**FAILED_SIGN_IN):
        name = ratelimit.get_cache_key(request, **FAILED_SIGN_IN, rate=rate, key=key)
        history = cache.get(name, [])
        if len(history) >= rate.amount:
            waits.append(history[-1] + rate.duration - time.time())
    return round(max(waits))
