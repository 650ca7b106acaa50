"""What is asked before it is known whose it is: by hand, and with rights of its own."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from billing.models import Subscription
from organizations.tenancy.functions import of_definer
from organizations.tenancy.rules import IDENTITY

# What Stripe tells is inside no organization; only there is a customer's told, and
# only its id.
ORGANIZATION_OF_CUSTOMER = """
CREATE OR REPLACE FUNCTION app.organization_of_customer(customer text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN (SELECT s.organization_id FROM public.{subscription} s
  WHERE customer <> '' AND s.stripe_customer_id = customer AND {identity}
  ORDER BY s.id LIMIT 1); END $f$"""


def statements() -> Iterator[str]:
    """Yield what makes the functions."""
    table = Subscription._meta.db_table
    text = ORGANIZATION_OF_CUSTOMER.format(subscription=table, identity=IDENTITY)
    yield from of_definer("organization_of_customer(text)", text)


def organization_of_customer(customer: str) -> UUID | None:
    """Return whose customer at Stripe it is; only outside all organizations."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.organization_of_customer(%s)", [customer])
        (found,) = cursor.fetchone()
    return found
