"""Stripe's objects as staff see them: written by the operator, read by nobody else."""

import contextlib

import pytest
from django.db import DatabaseError, connections, transaction
from djstripe import models as mirrored

from billing.intake.models import StripeEvent
from billing.models import Subscription
from organizations.models import Organization
from organizations.tenancy import identity, no_context, operator, tenant
from tests.intake.conftest import event_of, kept, send, the_event
from tests.operator.conftest import CONSOLE
from tests.tenancy.attacks import sql

pytestmark = CONSOLE


@pytest.fixture
def look(cast):
    """Read something as the operator."""

    def read(question):
        with no_context(), operator(cast.olga, reason="test"):
            return question()

    return read


@pytest.fixture
def mirror(stripe_double, client, run_jobs, settings):
    """Return a call that delivers what waits, applies and mirrors it."""
    settings.BILLING_MIRROR = True

    def deliver():
        stripe_double.deliver(client)
        run_jobs()
        return run_jobs()

    return deliver


def errors():
    return {event.mirror_error for event in kept()}


# cap 48
def test_a_customer_is_mirrored_with_what_it_bought(
    as_alice, paid, mirror, look, row, cast
):
    paid()
    mirror()
    assert errors() == {""}
    ours = row()
    theirs = look(lambda: mirrored.Customer.objects.get())
    assert (theirs.id, theirs.subscriber_id) == (
        ours.stripe_customer_id,
        cast.acme.pk,
    )
    subscription = look(lambda: mirrored.Subscription.objects.get())
    assert subscription.id == ours.stripe_subscription_id
    assert subscription.stripe_data["status"] == ours.status
    assert subscription.customer_id == ours.stripe_customer_id
    invoices = look(lambda: set(mirrored.Invoice.objects.values_list("id", flat=True)))
    assert len(invoices) == 2
    assert look(mirrored.PaymentMethod.objects.count) == 1
    assert look(lambda: mirrored.Price.objects.filter(id=ours.stripe_price_id).exists())
    assert look(mirrored.Product.objects.count) >= 1


def test_our_key_is_kept_nowhere(paid, mirror, look, settings):
    paid()
    mirror()
    assert look(mirrored.Customer.objects.count) == 1
    assert look(mirrored.APIKey.objects.count) == 0


# cap 91
def test_the_runtime_role_reads_and_writes_none_of_it(paid, mirror, cast):
    paid()
    mirror()
    statements = (
        "SELECT count(*) FROM djstripe_customer",
        "UPDATE djstripe_customer SET email = 'x'",
        "DELETE FROM djstripe_subscription",
        "TRUNCATE djstripe_invoice CASCADE",
    )
    contexts = (lambda: tenant(cast.acme, cast.alice), identity, no_context)
    for enter in contexts:
        for statement in statements:
            with no_context(), enter(), pytest.raises(DatabaseError, match="denied"):
                with transaction.atomic():
                    sql(statement)


def test_a_subscriber_named_at_stripe_is_not_believed(
    stripe_double, client, mirror, look, cast
):
    """Whoever can write words at Stripe links no customer to an organization."""
    for words in (str(cast.globex.pk), "not-a-uuid", "", str(cast.acme.pk)):
        stripe_double.api.customers.create(
            {"email": "x@example.com", "metadata": {"djstripe_subscriber": words}}
        )
    mirror()
    assert errors() == {""}
    rows = look(lambda: list(mirrored.Customer.objects.values_list("subscriber_id")))
    assert rows == [(None,)] * 4


def test_a_customer_of_ours_that_names_another_organization_stays_ours(
    bought, stripe_double, mirror, look, row, cast
):
    bought()
    customer = row().stripe_customer_id
    stripe_double.api.customers.update(
        customer, {"metadata": {"djstripe_subscriber": str(cast.globex.pk)}}
    )
    mirror()
    theirs = look(lambda: mirrored.Customer.objects.get(id=customer))
    assert theirs.subscriber_id == cast.acme.pk


def test_a_later_state_takes_the_place_of_the_earlier(
    bought, stripe_double, mirror, look
):
    bought()
    mirror()
    assert status_of(look) == "trialing"
    stripe_double.advance(days=15)
    mirror()
    assert status_of(look) == "active"
    assert look(mirrored.Subscription.objects.count) == 1


def status_of(look):
    return look(lambda: mirrored.Subscription.objects.get().stripe_data["status"])


def test_what_cannot_be_mirrored_is_noted_and_changes_nothing_else(
    bought, stripe_double, mirror, client, run_jobs, row
):
    bought()
    mirror()
    customer = row().stripe_customer_id
    subject = {"object": "invoice", "id": "in_gone", "customer": customer}
    send(client, event_of(subject, "invoice.updated"))
    run_jobs()
    assert set(run_jobs()) <= {"succeeded"}
    event = the_event(body__data__object__id="in_gone")
    assert event.state == "applied"
    assert event.mirror_error.startswith("Refused: ")
    assert row().status == "trialing"


def test_what_is_no_object_of_the_mirror_is_left_out(
    stripe_double, mirror, client, run_jobs, look
):
    send(client, event_of({"object": "charge", "id": "ch_1"}, "charge.refunded"))
    assert run_jobs() == ["succeeded"]
    assert run_jobs() == []
    assert look(mirrored.Charge.objects.count) == 0


def test_without_a_console_there_is_no_mirror(
    bought, stripe_double, mirror, settings, look
):
    settings.BILLING_MIRROR = False
    bought()
    mirror()
    assert look(mirrored.Customer.objects.count) == 0


def test_a_product_is_mirrored_although_nothing_of_ours_follows(
    stripe_double, mirror, look
):
    made = stripe_double.api.products.create({"name": "A chair"})
    mirror()
    assert look(lambda: mirrored.Product.objects.get(id=made.id).name) == "A chair"
    event = the_event(body__data__object__id=made.id)
    assert (event.state, event.mirror_error) == ("ignored", "")


def test_a_purged_organization_takes_its_mirror_along(paid, mirror, look, cast):
    """Nothing of it may hold the organization back, or outlive it."""
    paid()
    mirror()
    with contextlib.closing(connections["operator"]), connections["operator"].cursor():
        pass
    before = look(mirrored.Price.objects.count)
    look(
        lambda: Organization.objects.filter(pk=cast.acme.pk).update(
            deleted_at="2020-01-01T00:00Z"
        )
    )
    from organizations.purging import purge_next

    with no_context(), identity():
        assert purge_next()
    assert look(lambda: Organization.objects.filter(pk=cast.acme.pk).count()) == 0
    assert look(Subscription.objects.count) == 0
    for model in ("Customer", "Subscription", "Invoice", "PaymentMethod"):
        assert look(getattr(mirrored, model).objects.count) == 0, model
    # The price list is everybody's, and the events end by themselves.
    assert look(mirrored.Price.objects.count) == before
    assert look(StripeEvent.objects.count) > 0
