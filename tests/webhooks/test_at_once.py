"""Several workers and several people at the same endpoint at the same moment."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.events.reading import read_all
from organizations.limits.refusals import LimitReached
from organizations.tenancy import no_context, tenant
from organizations.webhooks import flows, trying
from organizations.webhooks.calling import Answer
from organizations.webhooks.models import AT_ONCE, Attempt, Delivery, Endpoint
from organizations.webhooks.sealing import opened
from tasks.flows import create_task
from tests.limits.conftest import set_acme, used_of

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


def at_once(cast, act):
    """Do the same in threads of their own, and return what each came to."""
    gate, found = Barrier(THREADS), []

    def go():
        try:
            with no_context(), tenant(cast.acme, cast.alice):
                Endpoint.objects.exists()
                gate.wait()
                found.append(outcome(act))
        finally:
            connection.close()

    threads = [Thread(target=go) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS
    return found


def outcome(act):
    try:
        return act()
    except (flows.NotOpen, LimitReached) as error:
        return type(error)


@pytest.fixture
def waiting(endpoint, happen, inside):
    """Return what makes so many deliveries wait at the endpoint."""

    def make(count):
        happen(*[f"Task {number}" for number in range(count)])
        with inside():
            assert read_all() == []
            return [each.pk for each in Delivery.objects.order_by("pk")]

    return make


def claiming(endpoint, slow=False):
    return lambda: trying.claim(str(endpoint.pk), slow=slow)


def entries(inside, action):
    with inside():
        return AuditEntry.objects.filter(action=action).count()


def test_no_two_workers_take_the_same_delivery(cast, endpoint, waiting, inside):
    keys = waiting(20)
    claims = [found for found in at_once(cast, claiming(endpoint)) if found]
    assert len(claims) == AT_ONCE
    assert len({found.delivery_id for found in claims}) == AT_ONCE
    assert {found.delivery_id for found in claims} <= set(keys)
    with inside():
        assert Delivery.objects.exclude(sending_until=None).count() == AT_ONCE


def test_one_delivery_is_taken_by_one_worker(cast, endpoint, waiting):
    [key] = waiting(1)
    [claimed] = [found for found in at_once(cast, claiming(endpoint)) if found]
    assert claimed.delivery_id == key


def test_one_that_fails_is_called_by_one_worker(cast, endpoint, waiting, inside):
    waiting(20)
    with inside():
        Endpoint.objects.update(failing_since=timezone.now())
    claims = at_once(cast, claiming(endpoint, slow=True))
    assert sum(found is not None for found in claims) == 1


def test_what_several_note_at_once_is_counted_once(cast, endpoint, waiting, inside):
    waiting(1)
    with inside():
        claimed = claiming(endpoint)()
    at_once(cast, lambda: trying.note(claimed, Answer(status=200)))
    with inside():
        assert Delivery.objects.get().tries == 1
        assert Attempt.objects.count() == THREADS


def test_several_last_straws_disable_it_once(cast, endpoint, waiting, inside):
    waiting(AT_ONCE)
    with inside():
        claims = [claiming(endpoint)() for _each in range(AT_ONCE)]
    todo = iter(claims + claims)
    gone = Answer(status=410, failure="status")
    at_once(cast, lambda: trying.note(next(todo), gone))
    with inside():
        assert Endpoint.objects.get().disabled_for == "gone"
        assert {each.state for each in Delivery.objects.all()} == {"failed"}
    assert entries(inside, "webhook.disabled") == 1


@pytest.mark.parametrize(
    ("verb", "before", "action"),
    [
        (flows.pause_endpoint, None, "webhook.paused"),
        (flows.resume_endpoint, flows.pause_endpoint, "webhook.resumed"),
        (flows.remove_endpoint, None, "webhook.removed"),
    ],
)
def test_of_several_who_do_it_at_once_one_does(
    verb, before, action, cast, endpoint, inside
):
    if before:
        with inside():
            before(endpoint=endpoint, by=cast.alice)
    done = at_once(cast, lambda: verb(endpoint=endpoint, by=cast.alice))
    assert sorted(done) == [False] * (THREADS - 1) + [True]
    assert entries(inside, action) == 1
    left = 0 if verb is flows.remove_endpoint else 1
    assert used_of(cast.acme, "webhooks") == left


def test_of_several_who_replay_at_once_one_does(cast, endpoint, waiting, inside):
    waiting(1)
    with inside():
        Delivery.objects.update(state="failed", next_try_at=None, tries=8)
        delivery = Delivery.objects.get()
    done = at_once(cast, lambda: flows.replay(delivery=delivery, by=cast.alice))
    assert done.count(True) == 1
    assert entries(inside, "webhook.replayed") == 1


def test_all_that_failed_is_replayed_once(cast, endpoint, waiting, inside):
    waiting(9)
    since = timezone.now() - timedelta(hours=1)
    with inside():
        Delivery.objects.update(state="failed", next_try_at=None, tries=8)
    again = {"endpoint": endpoint, "since": since, "by": cast.alice}
    done = at_once(cast, lambda: flows.replay_failed(**again))
    assert sorted(done) == [0] * (THREADS - 1) + [9]
    assert entries(inside, "webhook.replayed") == 1


def test_a_plan_with_room_for_two_gets_two(cast, inside, receiver):
    set_acme(cast, limits={"webhooks": 2})
    made = at_once(
        cast, lambda: flows.create_endpoint(url=receiver.url, by=cast.alice)[0]
    )
    assert made.count(LimitReached) == THREADS - 2
    with inside():
        assert Endpoint.objects.count() == 2
    assert used_of(cast.acme, "webhooks") == 2


def test_every_new_secret_at_once_leaves_two_that_sign(cast, endpoint, inside):
    secrets = at_once(cast, lambda: flows.roll_secret(endpoint=endpoint, by=cast.alice))
    assert len(set(secrets)) == THREADS
    with inside():
        row = Endpoint.objects.get()
    kept = [opened(row.secret), opened(row.former_secret)]
    assert set(kept) < set(secrets)
    assert kept[0] != kept[1]


def test_who_removes_it_while_others_claim_leaves_nothing_to_send(
    cast, endpoint, waiting, inside
):
    waiting(6)
    turns = iter(range(THREADS))

    def act():
        if next(turns) == 0:
            return flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
        return trying.claim(str(endpoint.pk), slow=False)

    done = at_once(cast, act)
    assert True in done
    with inside():
        assert {each.state for each in Delivery.objects.all()} == {"failed"}
        assert not Delivery.objects.exclude(sending_until=None).exists()
        assert trying.claim(str(endpoint.pk), slow=False) is None


def test_workers_that_read_the_same_event_make_one_delivery(
    cast, endpoint, happen, inside
):
    happen("One", "Two", "Three")
    failures = at_once(cast, read_all)
    assert failures == [[]] * THREADS
    with inside():
        types = [each.event_type for each in Delivery.objects.all()]
    assert types == ["task.created"] * 3


def test_what_several_do_while_others_read_is_all_delivered(cast, endpoint, inside):
    def act():
        task = create_task(by=cast.alice, title="Order tyres")
        return read_all(), task

    assert all(failures == [] for failures, _task in at_once(cast, act))
    with inside():
        assert read_all() == []
        made = AuditEntry.objects.filter(action="task.created")
        told = Delivery.objects.values_list("event_id", flat=True)
        assert sorted(told) == sorted(made.values_list("pk", flat=True))
        assert len(told) == THREADS
