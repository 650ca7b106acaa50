"""Database sessions that come with their person, in one statement.

This runs before every page, so the statement is written by hand: building the same
join by the ORM costs several times as much as answering it.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connections, router
from django.utils import timezone

from accounts.models import SECOND_FACTORS, Session, User

ORGANIZATION_KEY = "organization"
# Within that organization; whoever switches takes it out.
TEAM_KEY = "team"
# Whoever has not finished the set-up is led to it once in each session.
LED_KEY = "led_to_welcome"
# Where somebody wanted to go whose organization asks for a second factor first.
WANTED_KEY = "second_step"
# The stay of a member of staff who looks on as somebody else.
IMPERSONATION_KEY = "impersonation"
MARK_SECONDS = 300
# A floor above us: what was announced since a person finished the set-up. Asking for it
# here costs no statement of its own.
STEPS, PROGRESS = "onboarding_welcomestep", "onboarding_welcomeprogress"
KEY = re.compile(r"[a-z0-9]{32}")


# A function keeps its plan for as long as the connection lasts; planning the join
# anew cost more than answering it. It runs with the caller's rights.
SESSION_WITH_PERSON = """
CREATE OR REPLACE FUNCTION app.session_with_person(key text, at timestamptz)
RETURNS json LANGUAGE plpgsql STABLE AS $f$
BEGIN RETURN (
  SELECT json_build_array(session.session_data,
    extract(epoch FROM session.created_at), extract(epoch FROM session.seen_at),
    person.id,
    EXISTS (SELECT FROM public.{factors} factor
      WHERE factor.user_id = person.id AND factor.type IN ({kinds})),
    CASE WHEN person.onboarding_completed THEN (
      SELECT json_agg(json_build_array(s.id, s.kind, s.title) ORDER BY s.announced_at)
      FROM public.{steps} s WHERE s.is_enabled
        AND s.announced_at > coalesce(person.welcomed_at, person.date_joined)
        AND NOT EXISTS (SELECT FROM public.{progress} p
          WHERE p.user_id = person.id AND p.step_id = s.id)) END, {person})
  FROM public.{sessions} session
  LEFT JOIN public.{people} person ON person.id = session.user_id
  WHERE session.session_key = key AND session.expire_date > at); END $f$"""


def statements() -> Iterator[str]:
    """Yield the statement that makes the function."""
    fields = User._meta.concrete_fields
    person = ", ".join(f"person.{field.column}" for field in fields)
    yield SESSION_WITH_PERSON.format(
        person=person,
        sessions=Session._meta.db_table,
        people=User._meta.db_table,
        factors=Authenticator._meta.db_table,
        kinds=", ".join(f"'{kind}'" for kind in SECOND_FACTORS),
        steps=STEPS,
        progress=PROGRESS,
    )


@cache
def conversions() -> list[tuple[int, Callable[[Any], Any]]]:
    """Return which of those JSON has no type for, and what gives them one."""
    return [
        (place, field.to_python)
        for place, field in enumerate(User._meta.concrete_fields)
        if field.get_internal_type() in {"UUIDField", "DateTimeField"}
    ]


def person_of(alias: str, values: list[Any]) -> User:
    fields = User._meta.concrete_fields
    for place, convert in conversions():
        if values[place] is not None:
            values[place] = convert(values[place])
    return User.from_db(alias, [field.attname for field in fields], values)


def is_over(began: float, seen: float) -> bool:
    """Return whether a session has lasted too long, or was left alone too long."""
    now, idle = timezone.now().timestamp(), settings.SESSION_IDLE_SECONDS
    return now - began >= settings.SESSION_ABSOLUTE_SECONDS or bool(
        idle and now - seen >= idle
    )


def mark_seconds() -> float:
    """Return how old a mark may grow; a short limit needs a finer one."""
    idle = settings.SESSION_IDLE_SECONDS
    return min(MARK_SECONDS, idle / 4) if idle else MARK_SECONDS


class SessionStore(db.SessionStore):
    """Loads the session row joined with its user, whom `person` then holds."""

    person: User | None = None
    # When the browser was seen last, as far as it was marked.
    seen: float | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        # Only what we could have made: a cookie may hold bytes no column takes.
        return bool(key and KEY.fullmatch(key))

    def load(self) -> dict[str, Any]:
        alias = router.db_for_read(Session)
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT app.session_with_person(%s, %s)::text",
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()[0]
        if found is None:
            self._session_key = None
            return {}
        data, began, self.seen, key, *more = json.loads(found)
        has_second_factor, news, *values = more
        if is_over(began, self.seen):
            self.delete()
            self._session_key = None
            return {}
        if key is not None:
            self.person = person_of(alias, values)
            self.person.has_second_factor = has_second_factor
            self.person.whats_new = news or ()
        return self.decode(data)

    def mark_seen(self) -> None:
        """Note that the browser is in use, unless that was noted a moment ago."""
        now = timezone.now()
        if self.seen is None or now.timestamp() - self.seen < mark_seconds():
            return
        Session.objects.filter(pk=self.session_key).update(seen_at=now)
        devices = UserSession.objects.filter(session_key=self.session_key)
        devices.update(last_seen_at=now)
        self.seen = now.timestamp()

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._session)  # type: ignore[attr-defined]
        changed = Session.objects.filter(pk=row.pk).update(
            session_data=row.session_data,
            expire_date=row.expire_date,
            user_id=row.user_id,
            organization_id=row.organization_id,
            active_team_id=row.active_team_id,
            impersonation_id=row.impersonation_id,
        )
        if not changed:
            raise UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.organization_id = data.get(ORGANIZATION_KEY)
        row.active_team_id = data.get(TEAM_KEY)
        row.impersonation_id = data.get(IMPERSONATION_KEY)
        # By our clock, which the limits are measured with; saving again leaves them.
        row.created_at = row.seen_at = timezone.now()
        return row

    def flush(self) -> None:
        super().flush()
        self.person = None
