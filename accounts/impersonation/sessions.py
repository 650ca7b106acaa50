"""The session of a member of staff while they look on: a new key at either end.

It stays theirs, so that it ends with their account, and never shows among the person's
own devices. What it held of theirs is put aside meanwhile and brought back afterwards.
"""

from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from accounts.impersonation.models import Impersonation
from accounts.models import Session
from accounts.sessions import IMPERSONATION_KEY, ORGANIZATION_KEY

OWN_KEY: Final = "own"
BACK_KEY: Final = "back"
SEEN_KEY: Final = "seen"
SIGNED_IN: Final = (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY)


def begin(request: HttpRequest, impersonation: Impersonation, back: str) -> None:
    """Turn a session of staff into one that looks on; `back` is where it came from."""
    session: Any = request.session
    own = {key: value for key, value in session.items() if key not in SIGNED_IN}
    for key in own:
        del session[key]
    session[OWN_KEY], session[BACK_KEY] = own, back
    session[IMPERSONATION_KEY] = str(impersonation.pk)
    if impersonation.organization_id is not None:
        session[ORGANIZATION_KEY] = str(impersonation.organization_id)
    renew(request)


def finish(request: HttpRequest) -> str:
    """Turn it back, and return the page that was left for it."""
    session: Any = request.session
    own, back = session.get(OWN_KEY, {}), session.get(BACK_KEY, "/")
    for key in [key for key in session.keys() if key not in SIGNED_IN]:  # noqa: SIM118
        del session[key]
    session.update(own)
    renew(request)
    return str(back)


def renew(request: HttpRequest) -> None:
    """Give a session another key and another CSRF secret; it lasts no longer for it."""
    session: Any = request.session
    before = session.session_key
    began = Session.objects.filter(pk=before).values_list("created_at", flat=True)
    moment = began.first()
    session.cycle_key()
    after = Session.objects.filter(pk=session.session_key)
    if moment is not None:
        after.update(created_at=moment)
    UserSession.objects.filter(session_key=before).update(
        session_key=session.session_key
    )
    rotate_token(request)
