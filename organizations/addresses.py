"""Addresses that organizations had: they go on leading there, and are kept a while.

Nobody sees other organizations' addresses, so the database itself refuses to give one
away. Its look runs with the definer's rights, and after the unique index has had its
turn: two who change at the same moment wait for each other there.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils import timezone

from organizations.models import FormerAddress, Organization
from organizations.tenancy.functions import handed_over

SLUG_RULE: Final = "organizations_slug_uniq"
DAYS_KEPT: Final = 90

KEEP_ADDRESSES = """
CREATE OR REPLACE FUNCTION app.keep_addresses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF EXISTS (SELECT FROM public.{former} f WHERE f.slug = lower(NEW.slug)
      AND f.organization_id <> NEW.id
      AND f.left_at > now() - interval '{days} days') THEN
    RAISE EXCEPTION 'the address is kept for who had it'
      USING ERRCODE = '23505', CONSTRAINT = '{rule}';
  END IF;
  RETURN NULL;
END $f$"""


def remember_address(organization: Organization, *, left: str) -> None:
    """Note the address that an organization has just left for another one."""
    rows = FormerAddress.objects.filter(organization_id=organization.pk)
    rows.filter(slug=organization.slug).delete()
    FormerAddress.objects.update_or_create(
        organization_id=organization.pk,
        slug=left.lower(),
        defaults={"left_at": timezone.now()},
    )


def former_addresses() -> list[FormerAddress]:
    """Return the active organization's former addresses, the last one first."""
    return list(FormerAddress.objects.order_by("-left_at"))


def moved_to(slug: str, mine: Iterable[Organization]) -> Organization | None:
    """Return the one of a person's organizations that had an address before."""
    known = {organization.pk: organization for organization in mine}
    rows = FormerAddress.own.filter(slug=slug, organization__in=known)
    keys = rows.order_by("-left_at").values_list("organization_id", flat=True)
    return next((known[key] for key in keys[:1]), None)


def statements() -> Iterator[str]:
    """Yield what makes the trigger."""
    table = Organization._meta.db_table
    yield KEEP_ADDRESSES.format(
        former=FormerAddress._meta.db_table, days=DAYS_KEPT, rule=SLUG_RULE
    )
    yield from handed_over("keep_addresses()")
    yield (
        "CREATE OR REPLACE TRIGGER keep_addresses"
        f" AFTER INSERT OR UPDATE OF slug, deleted_at ON public.{table}"
        " FOR EACH ROW WHEN (NEW.deleted_at IS NULL)"
        " EXECUTE FUNCTION app.keep_addresses()"
    )
