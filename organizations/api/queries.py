"""The one statement that each request of a program begins with.

It finds the key by its hash with its organization, counts the request in its minute and
notes the use, with the rights of the caller: inside the organization that the key names.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from organizations.api.models import ApiKey, KeyMinute
from organizations.models import Organization
from organizations.queries import THEIRS, columns, instance, organization_of
from organizations.tenancy.models import uuid7

ORGANIZATION: Final = ApiKey._meta.get_field("organization")
MOMENTS: Final = ("former_until", "expires_at", "revoked_at", "last_used_at")
OURS: Final = (
    *("id", "organization_id", "name", "prefix", "digest", "former_digest", "scopes"),
    *MOMENTS,
)

# What is counted may be lost with the machine's power: nobody waits for the disk.
KEY_ASKS = """
CREATE OR REPLACE FUNCTION app.key_asks(house uuid, hash text, moment timestamptz,
  row_id uuid, address inet) RETURNS json LANGUAGE plpgsql AS $f$
DECLARE k public.{key}; asked integer;
BEGIN
  SELECT * INTO k FROM public.{key} a
    WHERE a.organization_id = house AND a.digest = hash;
  IF NOT FOUND THEN
    SELECT * INTO k FROM public.{key} a WHERE a.organization_id = house
      AND a.former_digest = hash AND a.former_digest <> '' AND a.former_until > moment;
  END IF;
  IF k.id IS NULL THEN RETURN NULL; END IF;
  IF k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > moment) THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO public.{minute} AS m (id, organization_id, key_id, minute, requests)
      VALUES (row_id, house, k.id, date_trunc('minute', moment), 1)
      ON CONFLICT (organization_id, key_id, minute)
      DO UPDATE SET requests = m.requests + 1 RETURNING m.requests INTO asked;
    IF k.last_used_at IS NULL OR k.last_used_at < moment - interval '1 minute' THEN
      UPDATE public.{key} a SET last_used_at = moment, last_used_from = address
        WHERE a.organization_id = house AND a.id = k.id;
    END IF;
  END IF;
  RETURN (SELECT json_build_array(asked, o.deleted_at IS NULL,
    json_build_array({ours}), json_build_array({theirs}))
    FROM public.{organization} o WHERE o.id = house);
END $f$"""


class Found(NamedTuple):
    """A key, its organization loaded, and how often it has asked in this minute."""

    key: ApiKey
    requests: int
    is_open: bool


def statements() -> Iterator[str]:
    """Yield what makes the function; it runs with the caller's rights."""
    yield KEY_ASKS.format(
        key=ApiKey._meta.db_table,
        minute=KeyMinute._meta.db_table,
        organization=Organization._meta.db_table,
        ours=columns(ApiKey, OURS, "k"),
        theirs=columns(Organization, THEIRS, "o"),
    )


def key_asks(
    organization_id: UUID, digest: str, moment: datetime, address: str | None
) -> Found | None:
    """Return the key of a hash and count its request; None when nobody has it.

    To be asked inside the organization. What has ended is found and not counted.
    """
    values: list[Any] = [organization_id, digest, moment, uuid7(), address]
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.key_asks(%s, %s, %s, %s, %s::inet)::text", values)
        (text,) = cursor.fetchone()
    if text is None:
        return None
    asked, exists, ours, theirs = json.loads(text)
    key, organization = key_of(ours), organization_of(theirs)
    ORGANIZATION.set_cached_value(key, organization)
    return Found(key, asked or 0, exists and organization.is_active)


def key_of(values: list[Any]) -> ApiKey:
    """Return a key of the values of its columns."""
    pk, organization_id, *rest = values
    *words, until, expires, revoked, used = rest
    moments = [
        each and datetime.fromisoformat(each)
        for each in (until, expires, revoked, used)
    ]
    return instance(ApiKey, OURS, [UUID(pk), UUID(organization_id), *words, *moments])
