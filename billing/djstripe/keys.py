"""The foreign keys of dj-stripe's tables, as far as the package leaves them open."""

from collections.abc import Iterator
from typing import Final

# Rows go with what they are about: a purged organization takes its customer along, and
# that the rest. The package's own keys would hold the organization back instead.
GOES_ALONG: Final = """
DO $f$ DECLARE k record; BEGIN
  FOR k IN SELECT conname, conrelid::regclass AS place, pg_get_constraintdef(oid) AS text
    FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'a'
      AND conrelid::regclass::text LIKE 'djstripe\\_%' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s',
      k.place, k.conname, k.conname,
      replace(k.text, ' DEFERRABLE', ' ON DELETE CASCADE DEFERRABLE'));
  END LOOP;
END $f$"""


def statements() -> Iterator[str]:
    """Yield what lets rows go with what they are about."""
    yield GOES_ALONG
