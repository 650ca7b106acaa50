"""Database sessions that come with their person, in one statement.

This runs before every page, so the statement is written once by hand: building the
same join by the ORM costs several times as much as answering it.
"""

import re
from functools import cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connections, router
from django.utils import timezone

from accounts.models import Session, User

ORGANIZATION_KEY = "organization"
KEY = re.compile(r"[a-z0-9]{32}")


@cache
def statement() -> tuple[str, list[str]]:
    """Return the join of a session with its person, and the person's columns."""
    fields = User._meta.concrete_fields
    person = ", ".join(f'person."{field.column}"' for field in fields)
    text = (
        f"SELECT session.session_data, {person}"  # noqa: S608
        f' FROM "{Session._meta.db_table}" session'
        f' LEFT JOIN "{User._meta.db_table}" person ON person.id = session.user_id'
        " WHERE session.session_key = %s AND session.expire_date > %s"
    )
    return text, [field.attname for field in fields]


class SessionStore(db.SessionStore):
    """Loads the session row joined with its user, whom `person` then holds."""

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        # Only what we could have made: a cookie may hold bytes no column takes.
        return bool(key and KEY.fullmatch(key))

    def load(self) -> dict[str, Any]:
        alias = router.db_for_read(Session)
        text, names = statement()
        with connections[alias].cursor() as cursor:
            cursor.execute(text, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        if row[1 + names.index("id")] is not None:
            self.person = User.from_db(alias, names, row[1:])
        return self.decode(row[0])

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
        )
        if not changed:
            raise UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.organization_id = data.get(ORGANIZATION_KEY)
        return row

    def flush(self) -> None:
        super().flush()
        self.person = None
