"""What allauth tells us about addresses and second factors, told on in our words."""

from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.http import HttpRequest

from accounts import flows
from accounts.models import User

TOTP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
CODES = Authenticator.Type.RECOVERY_CODES
ADDED: Final = {
    TOTP: "user.totp_added",
    PASSKEY: "user.passkey_added",
    CODES: "user.recovery_codes_made",
}
REMOVED: Final = {
    TOTP: "user.totp_removed",
    PASSKEY: "user.passkey_removed",
    CODES: "user.recovery_codes_removed",
}


def confirm_person(*, email_address: EmailAddress, **kwargs: Any) -> None:
    """Keep the person's flag in step with their address, whatever confirmed it."""
    flows.confirm_person(user=email_address.user)


def tell_change(
    *,
    request: HttpRequest,
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
        end_others(request, to_email_address.user)


def tell_added(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Tell of a new factor; browsers signed in without it begin anew."""
    flows.tell(ADDED[authenticator.type], user, after=facts(authenticator))
    end_others(request, user)


def tell_removed(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Tell that a factor is gone."""
    flows.tell(REMOVED[authenticator.type], user, before=facts(authenticator))
    end_others(request, user)


def tell_used(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Tell that a recovery code is spent, and how many are left."""
    if authenticator.type == CODES:
        authenticator.refresh_from_db(fields=["data"])
        left = len(authenticator.wrap().get_unused_codes())
        flows.tell("user.recovery_code_used", user, after={"left": left})


def tell_failed(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Tell that somebody who knew the first step did not know the second."""
    flows.tell("user.second_step_failed", user, after={"kind": authenticator.type})


def tell_connected(*, request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    """Tell that an account elsewhere signs a person in from now on."""
    account = sociallogin.account
    flows.tell("user.account_connected", account.user, after=elsewhere(account))


def tell_disconnected(
    *, request: HttpRequest, socialaccount: Any, **kwargs: Any
) -> None:
    """Tell that it no longer does."""
    flows.tell(
        "user.account_disconnected", socialaccount.user, before=elsewhere(socialaccount)
    )


def elsewhere(account: Any) -> dict[str, str]:
    return {"provider": account.provider, "account": account.uid}


def facts(authenticator: Authenticator) -> dict[str, Any]:
    if authenticator.type != PASSKEY:
        return {}
    key = authenticator.wrap()
    return {"name": key.name, "signs_in_alone": key.is_passwordless}


def end_others(request: HttpRequest, user: User) -> None:
    flows.end_other_sessions(user=user, present=request.session.session_key)


def connect() -> None:
    """Listen, once."""
    email_confirmed.connect(confirm_person, dispatch_uid="accounts.confirm_person")
    email_changed.connect(tell_change, dispatch_uid="accounts.tell_change")
    for signal, receiver in (
        (mfa.authenticator_added, tell_added),
        (mfa.authenticator_reset, tell_added),
        (mfa.authenticator_removed, tell_removed),
        (mfa.authenticator_used, tell_used),
        (mfa.authentication_failed, tell_failed),
        (social.social_account_added, tell_connected),
        (social.social_account_removed, tell_disconnected),
    ):
        signal.connect(receiver, dispatch_uid=f"accounts.{receiver.__name__}")
