"""The counter in the database: one function, called by code and by triggers.

It runs with the caller's rights, so the policies hold for it.
"""

from collections.abc import Iterator
from typing import Final

from organizations.limits.models import Usage
from organizations.models import Organization

RULE: Final = "limits_reached"

# The row is locked before the limit is read: of two at once the second is measured with
# the first. Nobody must name a limit that was read before.
COUNT_USAGE: Final = """
CREATE OR REPLACE FUNCTION app.count_usage(organization uuid, thing text, more bigint)
RETURNS void LANGUAGE plpgsql AS $f$
DECLARE
  total bigint;
  most bigint;
BEGIN
  IF more < 0 THEN
    UPDATE public.{usage} u SET used = greatest(u.used + more, 0)
      WHERE u.organization_id = organization AND u.key = thing;
    RETURN;
  END IF;
  INSERT INTO public.{usage} AS u (id, organization_id, key, used)
    VALUES (gen_random_uuid(), organization, thing, more)
    ON CONFLICT (organization_id, key) DO UPDATE SET used = u.used + excluded.used
    RETURNING u.used INTO total;
  SELECT (o.limits ->> thing)::bigint INTO most FROM public.{organization} o
    WHERE o.id = organization;
  IF total > most THEN
    RAISE EXCEPTION 'the limit is reached' USING ERRCODE = '23514',
      CONSTRAINT = '{rule}', COLUMN = thing, DETAIL =
      json_build_object('used', total - more, 'limit', most, 'more', more)::text;
  END IF;
END $f$"""


def statements() -> Iterator[str]:
    """Yield what makes the function; nothing of it is looked up before it is called."""
    yield COUNT_USAGE.format(
        usage=Usage._meta.db_table, organization=Organization._meta.db_table, rule=RULE
    )
