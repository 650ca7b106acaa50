"""What is rarely met: lost keys, races, removed rows, waits cut short, the console."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from config.env import WrongSetting, keys
from organizations.tenancy import current, no_context, tenant
from organizations.tenancy.jobs import context_of
from organizations.webhooks import flows, trying
from organizations.webhooks.calling import Answer, call
from organizations.webhooks.models import Attempt, Delivery, Endpoint
from organizations.webhooks.sealing import locked, new_secret, opened
from tests.operator.conftest import CONSOLE
from tests.webhooks.conftest import WEBHOOKS

GOOD = Answer(status=200, body=b"ok", milliseconds=5)


@pytest.fixture
def claimed(endpoint, happen, inside):
    """A delivery that somebody is at, and what is to be sent."""
    from organizations.events.reading import read_all

    happen("Order tyres")
    with inside():
        assert read_all() == []
        found = trying.claim(str(endpoint.pk), slow=False)
    assert found is not None
    return found


# --- claims -------------------------------------------------------------------------


def test_a_claim_holds_longer_than_any_call():
    longest = timedelta(seconds=project.WEBHOOK_DEADLINE_SECONDS)
    assert longest < trying.lease() < timedelta(minutes=1)


def test_a_claim_is_kept_from_others_until_it_ends(claimed, endpoint, inside, the):
    with inside():
        assert trying.claim(str(endpoint.pk), slow=False) is None
    assert the.delivery.sending_until is not None


def test_what_is_noted_twice_is_counted_once(claimed, inside, the):
    with inside():
        trying.note(claimed, GOOD)
        trying.note(claimed, Answer(status=500, failure="status"))
    delivery = the.delivery
    assert (delivery.state, delivery.tries, delivery.last_status) == (
        "delivered",
        1,
        200,
    )
    assert [each.status for each in the.attempts] == [200, 500]


def test_a_try_of_what_was_removed_meanwhile_is_noted_and_goes_no_further(
    claimed, endpoint, inside, the, cast
):
    with inside():
        flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
        trying.note(claimed, Answer(status=500, failure="status"))
    assert the.delivery.state == "failed"
    assert the.delivery.next_try_at is None
    assert len(the.attempts) == 1


def test_a_try_of_what_was_deleted_meanwhile_leaves_nothing(claimed, inside, the):
    with inside():
        Delivery.objects.all().delete()
        trying.note(claimed, GOOD)
    assert the.attempts == []


def test_a_paused_endpoint_is_not_claimed_from(claimed, endpoint, inside, cast):
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
        Delivery.objects.update(sending_until=None)
        assert trying.claim(str(endpoint.pk), slow=True) is None


def test_an_endpoint_of_another_organization_is_not_claimed_from(
    claimed, endpoint, inside, cast
):
    with inside(cast.globex, cast.charlie):
        assert trying.claim(str(endpoint.pk), slow=True) is None


def test_a_claim_asks_the_database_for_little(
    endpoint, happen, inside, django_assert_max_num_queries
):
    from organizations.events.reading import read_all

    happen(*[f"Task {number}" for number in range(10)])
    with inside():
        read_all()
        with django_assert_max_num_queries(10):
            trying.claim(str(endpoint.pk), slow=False)


def test_no_transaction_is_open_while_a_receiver_is_waited_for(
    transactional_db, monkeypatch, receiver
):
    """Claimed in one, noted in another: between them there is none."""
    from tests.conftest import gather

    seen, cast = [], gather()
    with no_context(), tenant(cast.acme, cast.alice):
        endpoint, _secret = flows.create_endpoint(url=receiver.url, by=cast.alice)
        flows.send_test(endpoint=endpoint, by=cast.alice)

        async def watched(*args):
            seen.append(connection.in_atomic_block)
            return await call(*args)

        monkeypatch.setattr(trying, "call", watched)
        carried = {"organization": str(cast.acme.pk), "user": "", "request_id": ""}
        async_to_sync(trying.try_next.func)(
            carried=carried, endpoint_id=str(endpoint.pk), slow=False
        )
        assert Delivery.objects.get().state == "delivered"
    assert seen == [False]


# --- waits cut short ----------------------------------------------------------------


def test_what_waits_for_hours_can_be_sent_now(
    endpoint, receiver, happen, run_jobs, inside, cast, the, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    receiver.answer(500, 200)
    happen("Order tyres")
    run_jobs()
    with inside():
        assert flows.replay(delivery=Delivery.objects.get(), by=cast.alice)
    run_jobs()
    assert the.delivery.state == "delivered"
    # The job of the former wait finds nothing.
    time_machine.shift(600)
    run_jobs(waiting=True)
    assert len(receiver.requests) == 2


def test_the_page_offers_to_replay_what_waits_and_not_what_is_under_way(
    as_alice, endpoint, happen, inside, claimed
):
    where = f"{WEBHOOKS}deliveries/{claimed.delivery_id}/"
    assert "replay/" not in as_alice.get(where).text
    with inside():
        trying.note(claimed, Answer(status=500, failure="status"))
    assert "replay/" in as_alice.get(where).text


@pytest.mark.parametrize("verb", ["replay", "replay_failed"])
def test_nothing_is_replayed_to_an_endpoint_that_gets_nothing(
    verb, claimed, endpoint, inside, cast
):
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
        about = {
            "replay": {"delivery": Delivery.objects.get()},
            "replay_failed": {"endpoint": endpoint, "since": timezone.now()},
        }[verb]
        with pytest.raises(flows.NotOpen):
            getattr(flows, verb)(by=cast.alice, **about)


def test_only_what_failed_since_then_is_replayed(endpoint, inside, cast, the):
    with inside():
        for number, days in enumerate((1, 5, 9)):
            Delivery.objects.create(
                endpoint=endpoint,
                event_id=f"{number:032x}",
                event_type="task.created",
                state="failed",
                created_at=timezone.now() - timedelta(days=days),
            )
        since = timezone.now() - timedelta(days=7)
        count = flows.replay_failed(endpoint=endpoint, since=since, by=cast.alice)
    assert count == 2
    assert sorted(each.state for each in the.deliveries) == [
        "failed",
        "pending",
        "pending",
    ]


# --- secrets and keys ---------------------------------------------------------------


def test_a_secret_comes_back_as_it_was():
    secret = new_secret()
    assert opened(locked(secret)) == secret
    assert locked(secret) != locked(secret)


def test_no_two_secrets_are_the_same():
    assert len({new_secret() for _each in range(100)}) == 100


def test_the_key_is_outside_the_database_and_of_this_purpose(settings):
    settings.WEBHOOK_SECRETS_KEYS = ["a" * 50]
    text = locked(new_secret())
    settings.WEBHOOK_SECRETS_KEYS = ["b" * 50, "a" * 50]
    assert opened(text).startswith("whsec_")


def test_keys_are_read_with_commas_between(monkeypatch):
    monkeypatch.setenv("HOOK_KEYS", f"{'n' * 40}, {'o' * 40}")
    assert keys("HOOK_KEYS", ["x"]) == ["n" * 40, "o" * 40]
    monkeypatch.delenv("HOOK_KEYS")
    assert keys("HOOK_KEYS", ["x"]) == ["x"]


def test_a_short_key_ends_the_start(monkeypatch):
    monkeypatch.setenv("HOOK_KEYS", f"{'n' * 40},short")
    with pytest.raises(WrongSetting, match="32 characters"):
        keys("HOOK_KEYS", [])


# --- jobs and the console -----------------------------------------------------------


def test_a_coroutines_job_enters_its_organization(cast):
    carried = {"organization": str(cast.acme.pk), "user": "", "request_id": ""}
    with no_context(), context_of(carried):
        assert current().organization_id == cast.acme.pk
        assert current().user_id is None


@CONSOLE
@pytest.mark.parametrize("page", ["endpoint", "delivery"])
def test_staff_see_webhooks_and_no_secret(page, endpoint, as_olga, claimed):
    answer = as_olga.get(f"/admin/webhooks/{page}/")
    assert answer.status_code == 200
    assert "Acme" in answer.text
    pk = endpoint.pk if page == "endpoint" else claimed.delivery_id
    text = as_olga.get(f"/admin/webhooks/{page}/{pk}/change/").text
    assert endpoint.secret not in text
    assert "Order tyres" not in text


@CONSOLE
def test_staff_change_nothing_of_it(endpoint, as_olga):
    answer = as_olga.post(f"/admin/webhooks/endpoint/{endpoint.pk}/change/", {})
    assert answer.status_code == 403


def test_an_organization_takes_its_webhooks_along(endpoint, claimed, inside, cast):
    with inside():
        trying.note(claimed, GOOD)
        counts = [model.objects.count() for model in (Endpoint, Delivery, Attempt)]
    assert counts == [1, 1, 1]
    for model in (Endpoint, Delivery, Attempt):
        field = model._meta.get_field("organization")
        assert field.deconstruct()[3]["on_delete"].__name__ == "CASCADE"
