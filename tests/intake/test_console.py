"""Staff read what Stripe said, and have it applied again."""

import pytest

from billing.intake.models import StripeEvent
from organizations.audit.models import PlatformEntry
from tests.intake.conftest import event_of, outside, send, the_event
from tests.operator.conftest import CONSOLE, act, address
from tests.operator.conftest import look as look

pytestmark = CONSOLE


@pytest.fixture
def events(bought, delivered, double, client, run_jobs, row):
    """Events of a customer, one of a stranger and one that failed."""
    bought()
    delivered()
    customer = row().stripe_customer_id
    send(client, event_of({"object": "customer", "id": "cus_stranger"}))
    failed = event_of({"object": "customer", "id": customer}, id="evt_failed")
    send(client, failed)
    run_jobs()

    def fail():
        StripeEvent.objects.filter(pk="evt_failed").update(
            state="failed", error="Refused: No such customer"
        )

    outside(fail)


def test_events_are_listed_with_what_became_of_them(as_olga, events):
    text = as_olga.get(address(StripeEvent, "changelist")).text
    assert "customer.subscription.created" in text
    assert "Refused: No such customer" in text
    assert "acme" in text


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("state__exact=failed", "No such customer", "customer.subscription.created"),
        ("type__exact=customer.subscription.created", "acme", "No such customer"),
        ("q=acme", "customer.subscription.created", "stranger"),
        ("q=evt_failed", "No such customer", "customer.subscription.created"),
        ("q=globex", "0 ", "customer.subscription.created<"),
    ],
)
def test_they_are_found(as_olga, events, query, there, missing):
    answer = as_olga.get(f"{address(StripeEvent, 'changelist')}?{query}")
    table = answer.text.partition("result_list")[2]
    assert answer.status_code == 200
    if query != "q=globex":
        assert there in table
    assert missing not in table.partition("</table>")[0]


def test_one_shows_its_body_and_no_way_to_change_it(as_olga, events):
    answer = as_olga.get(address(StripeEvent, "change", "evt_failed"))
    assert answer.status_code == 200
    assert "<pre>{" in answer.text
    assert "&quot;livemode&quot;: false" in answer.text
    assert 'name="_save"' not in answer.text
    assert as_olga.get(address(StripeEvent, "add")).status_code == 403
    page = address(StripeEvent, "delete", "evt_failed")
    assert as_olga.post(page, {"post": "yes"}).status_code == 403


def test_a_body_is_shown_as_text(as_olga, events, client):
    send(client, event_of({"object": "x", "name": "<script>alert(1)</script>"}))
    event = the_event(body__data__object__object="x")
    text = as_olga.get(address(StripeEvent, "change", event.pk)).text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_failed_one_is_replayed_and_recorded(as_olga, events, look, run_jobs, cast):
    event = the_event(pk="evt_failed")
    answer = act(as_olga, StripeEvent, "replay", event)
    assert "1 event is applied again." in answer.text
    assert the_event(pk="evt_failed").state == "received"
    assert run_jobs() == ["succeeded"]
    done = the_event(pk="evt_failed")
    assert (done.state, done.error, done.organization) == ("applied", "", cast.acme.pk)
    entry = look(lambda: PlatformEntry.objects.get(action="stripe_event.replayed"))
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    assert (entry.target_id, entry.before) == ("evt_failed", {"state": "failed"})


def test_one_that_was_applied_is_replayed_as_well(as_olga, events, run_jobs, row):
    event = outside(
        lambda: StripeEvent.objects.get(type="customer.subscription.created")
    )
    act(as_olga, StripeEvent, "replay", event)
    run_jobs()
    assert the_event(pk=event.pk).tries == event.tries + 1
    assert row().status == "trialing"


def test_members_are_not_told_that_there_is_such_a_page(as_alice, as_bob, events):
    for client in (as_alice, as_bob):
        assert client.get(address(StripeEvent, "changelist")).status_code == 404
