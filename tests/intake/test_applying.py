"""What events lead to: rows as Stripe has them, whatever the events themselves say."""

import pytest

from billing import gateway
from billing.intake import kinds
from billing.intake.jobs import apply_event
from billing.models import Invoice, Subscription
from organizations.audit.models import AuditEntry
from organizations.tenancy import identity, no_context, tenant
from organizations.tenancy.jobs import enqueue
from tests.intake.conftest import event_of, kept, outside, send, the_event


def states():
    return {(event.type, event.state) for event in kept()}


# cap 56
def test_what_was_bought_is_known_without_coming_back(
    as_alice, double, delivered, row, acme_now, bought
):
    bought()
    double.advance(days=15)
    assert row().status == "trialing"
    delivered()
    assert row().status == "active"
    assert acme_now().plan == "pro"


# cap 56
def test_each_event_says_what_became_of_it(as_alice, bought, delivered, cast):
    bought()
    delivered()
    found = {event.type: event for event in kept()}
    begun = found["customer.subscription.created"]
    assert (begun.state, begun.organization, begun.error) == (
        "applied",
        cast.acme.pk,
        "",
    )
    assert begun.tries == 1
    assert begun.applied_at is not None
    assert {event.state for event in found.values()} <= {"applied", "ignored"}


def test_a_renewal_that_fails_and_one_that_is_paid(
    paid, double, delivered, row, inside
):
    paid()
    delivered()
    customer = row().stripe_customer_id
    double.decline_next(customer)
    double.advance(days=31)
    delivered()
    assert row().status == "past_due"
    double.advance(days=8)
    delivered()
    assert row().status == "active"
    assert inside(lambda: Invoice.objects.filter(status="open").count()) == 0


def test_applying_again_changes_and_records_nothing(paid, delivered, inside, run_jobs):
    paid()
    delivered()
    before = inside(lambda: list(Subscription.objects.values()))
    entries = inside(AuditEntry.objects.count)
    for event in kept():
        outside(lambda event=event: enqueue(apply_event, event_id=event.pk))
    assert set(run_jobs()) == {"succeeded"}
    assert inside(lambda: list(Subscription.objects.values())) == before
    assert inside(AuditEntry.objects.count) == entries
    assert {event.tries for event in kept() if event.state == "applied"} == {1}


def test_the_order_of_events_does_not_matter(paid, double, client, run_jobs, row):
    paid()
    waiting = double.outbox()
    for event in reversed(waiting):
        body, header = double.signed(event, "whsec_of_the_tests")
        send(client, body, **{"Stripe-Signature": header})
    run_jobs()
    assert row().status == "active"


def test_a_type_nobody_asked_for_is_set_aside(double, client, run_jobs):
    send(client, event_of({"object": "issuing.card", "id": "ic_1"}, "issuing_card.new"))
    assert run_jobs() == ["succeeded"]
    assert states() == {("issuing_card.new", "ignored")}


def test_a_strangers_customer_is_set_aside(double, client, run_jobs, cast):
    stranger = double.api.customers.create(
        {"email": "x@example.com", "metadata": {"organization": str(cast.acme.pk)}}
    )
    send(client, event_of(stranger.to_dict()))
    assert run_jobs() == ["succeeded"]
    (event,) = kept()
    assert (event.state, event.organization) == ("ignored", None)


# cap 56
def test_what_an_event_says_of_organizations_is_not_believed(
    bought, delivered, client, run_jobs, cast, row, inside
):
    bought()
    delivered()
    before = row()
    told = {
        "object": "subscription",
        "id": "sub_planted",
        "status": "active",
        "customer": "cus_planted",
        "metadata": {
            "organization": str(cast.acme.pk),
            "djstripe_subscriber": str(cast.acme.pk),
        },
    }
    send(client, event_of(told, "customer.subscription.created"))
    run_jobs()
    assert the_event(body__data__object__id="sub_planted").state == "ignored"
    assert row().stripe_subscription_id == before.stripe_subscription_id
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not Subscription.objects.exists()


def test_a_forged_state_of_ones_own_customer_changes_nothing(
    bought, delivered, client, run_jobs, row, acme_now
):
    """Even a signed event is only a reason to ask."""
    bought()
    delivered()
    now = row()
    told = {
        "object": "subscription",
        "id": now.stripe_subscription_id,
        "customer": now.stripe_customer_id,
        "status": "canceled",
    }
    send(client, event_of(told, "customer.subscription.deleted"))
    run_jobs()
    assert row().status == "trialing"
    assert acme_now().plan == "pro"


POISON = {
    "no data": {"data": None},
    "data of another kind": {"data": []},
    "no object": {"data": {"object": None}},
    "an object of another kind": {"data": {"object": "cus_1"}},
    "a customer of another kind": {
        "data": {"object": {"object": "invoice", "customer": ["x"]}}
    },
    "a customer without an id": {
        "data": {"object": {"object": "invoice", "customer": {"id": None}}}
    },
    "an endless customer": {
        "data": {"object": {"object": "invoice", "customer": "c" * 10_000}}
    },
    "a customer of letters that none has": {
        "data": {"object": {"object": "invoice", "customer": "'; DROP TABLE x; --%s"}}
    },
    "what it was, of another kind": {
        "data": {"object": {"object": "invoice"}, "previous_attributes": [1]}
    },
    "a subscriber that is no organization": {
        "data": {
            "object": {
                "object": "customer",
                "id": "cus_1",
                "metadata": {"djstripe_subscriber": "not-a-uuid"},
            }
        }
    },
    "no words at all": {
        "data": {"object": {"object": "customer", "id": "cus_1", "metadata": None}}
    },
}


@pytest.mark.parametrize("values", POISON.values(), ids=POISON)
def test_poison_is_set_aside(double, client, run_jobs, values):
    assert send(client, event_of({}, **values)).status_code == 200
    assert run_jobs() == ["succeeded"]
    (event,) = kept()
    assert event.state == "ignored"


def test_a_poisoned_customer_of_ours_is_read_all_the_same(
    bought, double, delivered, row
):
    bought()
    customer = row().stripe_customer_id
    double.api.customers.update(
        customer, {"metadata": {"djstripe_subscriber": "not-a-uuid"}}
    )
    double.advance(days=15)
    delivered()
    assert row().status == "active"


def test_what_was_detached_names_its_customer_in_what_it_was(
    bought, client, run_jobs, row, cast
):
    bought()
    subject = {"object": "payment_method", "id": "pm_1", "customer": None}
    data = {
        "object": subject,
        "previous_attributes": {"customer": row().stripe_customer_id},
    }
    event = event_of(subject, "payment_method.detached", data=data)
    send(client, event)
    run_jobs()
    assert the_event(pk=event["id"]).organization == cast.acme.pk


def test_while_stripe_is_away_it_is_tried_again(
    bought, client, run_jobs, row, settings, cast
):
    bought()
    event = event_of({"object": "customer", "id": row().stripe_customer_id})
    send(client, event)
    settings.BILLING_DOUBLE = None
    # Nobody listens there.
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert run_jobs()[-1] == "todo"
    waiting = the_event(pk=event["id"])
    assert (waiting.state, waiting.tries) == ("received", 1)
    assert waiting.error


def test_once_stripe_is_back_it_is_applied(bought, client, run_jobs, row, settings):
    bought()
    event = event_of({"object": "customer", "id": row().stripe_customer_id})
    send(client, event)
    double, settings.BILLING_DOUBLE = settings.BILLING_DOUBLE, None
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    run_jobs()
    settings.BILLING_DOUBLE, settings.STRIPE_API_BASE = double, ""
    assert run_jobs(waiting=True)[-1] == "succeeded"
    done = the_event(pk=event["id"])
    assert (done.state, done.tries, done.error) == ("applied", 2, "")


def test_what_cannot_be_applied_is_kept_with_its_reason(
    bought, client, run_jobs, row, double, cast
):
    bought()
    customer = row().stripe_customer_id
    with double.store.books() as books:
        books.connection.execute("DELETE FROM objects WHERE id = ?", (customer,))
    event = event_of({"object": "customer", "id": customer})
    send(client, event)
    assert run_jobs()[-1] == "succeeded"
    failed = the_event(pk=event["id"])
    assert (failed.state, failed.organization) == ("failed", cast.acme.pk)
    assert failed.error.startswith("Refused: ")
    assert gateway.Refused.__name__ in failed.error


@pytest.fixture
def told(monkeypatch):
    heard = []
    kind = "customer.subscription.trial_will_end"
    monkeypatch.setitem(
        kinds.AFTERWARDS, kind, lambda: heard.append(Subscription.objects.get())
    )
    return heard


def test_what_else_there_is_to_do_is_done_inside_the_organization(
    bought, double, delivered, told, cast
):
    bought()
    double.advance(days=12)
    delivered()
    assert [row.organization_id for row in told] == [cast.acme.pk]


def test_people_hear_of_the_end_of_a_trial_with_stripes_event():
    from billing import reminding

    told = kinds.AFTERWARDS["customer.subscription.trial_will_end"]
    assert told is reminding.remind_of_trial
    assert kinds.AFTERWARDS.keys() <= kinds.SYNCED


def test_all_that_is_wanted_is_known_to_stripe():
    """The names are the package's own."""
    import inspect

    from stripe.params import _webhook_endpoint_create_params as known

    source = inspect.getsource(known)
    assert [kind for kind in kinds.WANTED if f'"{kind}"' not in source] == []


def test_an_event_that_is_gone_ends_its_job(double, run_jobs):
    with no_context(), identity():
        enqueue(apply_event, event_id="evt_gone")
    assert run_jobs() == ["succeeded"]
