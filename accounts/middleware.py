"""The signed-in person, and the language and time zone they chose."""

import zoneinfo
from collections.abc import Callable
from functools import lru_cache

from django.contrib import auth
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, middleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from accounts.models import User, offered_language

UTC = zoneinfo.ZoneInfo("UTC")


def signed_in_user(request: HttpRequest) -> User | AnonymousUser:
    """Return the person of the request's session, or nobody.

    The session row came with its user; Django's own, slower way decides whenever
    anything about that pair is unusual, such as a rotated secret.
    """
    session = request.session
    if not session.session_key or SESSION_KEY not in session:
        return AnonymousUser()
    person = getattr(session, "person", None)
    if (
        person is not None
        and str(person.pk) == session[SESSION_KEY]
        and constant_time_compare(
            session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()
        )
    ):
        user = person
    else:
        user = auth.get_user(request)
    if user.is_authenticated and not user.may_sign_in:
        return AnonymousUser()
    return user


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Sets `request.user` from the session's own row."""

    def process_request(self, request: HttpRequest) -> None:
        # Known at once, not lazily: the organization's context depends on it.
        user = signed_in_user(request)
        request.user = user
        if user.is_authenticated:
            request.session.mark_seen()  # type: ignore[attr-defined]

        async def auser() -> User | AnonymousUser:
            return user

        request.auser = auser


class PreferencesMiddleware:
    """Speaks the person's language, else the browser's, and tells their time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            language = offered_language(user.language)
            zone = known_zone(user.timezone)
        else:
            language = translation.get_language_from_request(request)
            zone = UTC
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


@lru_cache(maxsize=256)
def known_zone(name: str) -> zoneinfo.ZoneInfo:
    """Return a time zone by name; UTC where the machine does not know it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
