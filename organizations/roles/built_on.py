"""A custom role is built on one of the four: a member of another role has it no more.

The database sees to that, whichever way the role was changed.
"""

from collections.abc import Iterator

from organizations.models import Membership

LEAVE_CUSTOM_ROLE = """
CREATE OR REPLACE FUNCTION app.leave_custom_role() RETURNS trigger
LANGUAGE plpgsql AS $f$
BEGIN NEW.custom_role_id := NULL; RETURN NEW; END $f$"""


def statements() -> Iterator[str]:
    """Yield what makes the trigger."""
    yield LEAVE_CUSTOM_ROLE
    yield (
        "CREATE OR REPLACE TRIGGER leave_custom_role BEFORE UPDATE OF role"
        f" ON public.{Membership._meta.db_table} FOR EACH ROW"
        " WHEN (NEW.role <> OLD.role"
        " AND NEW.custom_role_id IS NOT DISTINCT FROM OLD.custom_role_id)"
        " EXECUTE FUNCTION app.leave_custom_role()"
    )
