"""Journeys of a person: each tells what changed, in the transaction of the change."""

from collections.abc import Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Session, User
from accounts.pictures import discard, keep
from accounts.signals import person_changed

PROFILE_FIELDS = (
    *("first_name", "last_name", "language", "theme", "timezone"),
    "hotkeys",
)


def tell(
    action: str,
    person: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str | None = None,
) -> None:
    """Tell the floors above what a person did; a failure there undoes the change."""
    person_changed.send(
        sender=User,
        action=action,
        person=person,
        before=before or {},
        after=after or {},
        label=label,
    )


@transaction.atomic
def sign_in(*, request: HttpRequest, user: User) -> None:
    """Start a session for a person, with a new key."""
    start_session(request, user)
    tell("user.signed_in", user)
    confirm_person(user=user)


@transaction.atomic
def sign_out(*, request: HttpRequest) -> None:
    """End the session of this browser and forget the device."""
    user, key = request.user, request.session.session_key
    end_session(request)
    UserSession.objects.filter(session_key=key).delete()
    if isinstance(user, User):
        tell("user.signed_out", user)


@transaction.atomic
def accept_terms(*, user: User) -> bool:
    """Keep that a person accepts the terms as they are now; False when they have."""
    kept = User.objects.select_for_update().get(pk=user.pk)
    before, version = kept.terms_version, settings.TERMS_VERSION
    if before == version:
        return False
    user.mark_terms(version)
    user.save(update_fields=[*User.TERMS_FIELDS, "updated_at"])
    tell(
        "user.terms_accepted",
        user,
        before={"terms": before},
        after={"terms": version},
    )
    return True


@transaction.atomic
def confirm_person(*, user: User) -> bool:
    """Mark a person as reachable by mail; False when they are already."""
    found = User.objects.filter(pk=user.pk, email_verified=False)
    user.email_verified = True
    if not found.update(email_verified=True):
        return False
    tell("user.email_verified", user, after={"email": user.email})
    return True


@transaction.atomic
def change_password(
    *, user: User, password: str, action: str, present: str | None = None
) -> None:
    """Set a password, which ends every session but the present one."""
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    tell(action, user)
    end_other_sessions(user=user, present=present)


@transaction.atomic
def end_other_sessions(*, user: User, present: str | None) -> int:
    """End a person's sessions but the present one, and return how many they were."""
    UserSession.objects.filter(user=user).exclude(session_key=present).delete()
    others = Session.objects.filter(user=user).exclude(session_key=present)
    count, _rows = others.delete()
    if count:
        tell("user.sessions_ended", user, after={"count": count})
    return count


@transaction.atomic
def change_profile(*, user: User, values: Mapping[str, Any]) -> bool:
    """Save what a person says about themselves; False when nothing is different."""
    kept = User.objects.select_for_update().get(pk=user.pk)
    before = {
        name: getattr(kept, name)
        for name in PROFILE_FIELDS
        if name in values and getattr(kept, name) != values[name]
    }
    for name in values.keys() & set(PROFILE_FIELDS):
        setattr(user, name, values[name])
    if not before:
        return False
    user.save(update_fields=[*before, "updated_at"])
    tell(
        "user.profile_changed",
        user,
        before=before,
        after={name: values[name] for name in before},
    )
    return True


@transaction.atomic
def complete_onboarding(*, user: User, dismissed: bool) -> bool:
    """Note that a person's set-up has ended, done or dismissed; False when it had."""
    now = timezone.now()
    found = User.objects.filter(pk=user.pk, onboarding_completed=False)
    if not found.update(onboarding_completed=True, welcomed_at=now, updated_at=now):
        return False
    user.onboarding_completed, user.welcomed_at = True, now
    action = "user.welcome_dismissed" if dismissed else "user.welcome_finished"
    tell(action, user)
    return True


def change_picture(*, user: User, squares: Mapping[int, bytes] | None) -> bool:
    """Give a person a picture, or none; False when they have none already."""
    name = keep(f"people/{user.pk}", squares) if squares else ""
    try:
        return _write_picture(user, name)
    except BaseException:
        # Nothing names the new file when the change was not kept.
        discard(name)
        raise


@transaction.atomic
def _write_picture(user: User, name: str) -> bool:
    kept = User.objects.select_for_update().get(pk=user.pk)
    before = kept.image.name or ""
    if before == name:
        return False
    kept.image = name
    kept.save(update_fields=["image", "updated_at"])
    user.image = name
    action = "user.picture_changed" if name else "user.picture_removed"
    tell(action, user, before={"picture": before}, after={"picture": name})
    return True
