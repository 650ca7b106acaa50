"""How notes end with the account they are about, though its person never saw one.

The runtime role has no right to the table at all. The function runs with the definer's
rights, and only for a person of the sealed context whose row was made anonymous.
"""

from collections.abc import Iterator

from django.db import connection

from accounts.models import User
from organizations.notes.models import StaffNote
from organizations.tenancy.functions import of_definer

FORGET = """
CREATE OR REPLACE FUNCTION app.forget_staff_notes() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE me uuid := app.current_user_id(); gone bigint;
BEGIN
  DELETE FROM public.{note} n WHERE me IN (n.person_id, n.same_person_id)
    AND EXISTS (SELECT FROM public.{user} u WHERE u.id = me AND NOT u.is_active
      AND u.email = 'deleted-' || u.id || '@deleted.invalid');
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $f$"""


def forget_notes() -> int:
    """Delete what staff noted about the context's erased person; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.forget_staff_notes()")
        (gone,) = cursor.fetchone()
    return int(gone)


def statements() -> Iterator[str]:
    """Yield what makes the function."""
    text = FORGET.format(note=StaffNote._meta.db_table, user=User._meta.db_table)
    yield from of_definer("forget_staff_notes()", text)
