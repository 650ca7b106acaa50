"""Endpoints that outlive what is around them, and others that do not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import User
from organizations.closing import delete_organization, take_back
from organizations.events.reading import read_all
from organizations.models import Membership
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import identity, no_context
from organizations.webhooks import flows, trying
from organizations.webhooks.calling import Answer
from organizations.webhooks.models import Attempt, Delivery, Endpoint
from organizations.webhooks.purging import purge_all, wake_all
from tests.limits.conftest import set_acme, used_of

DOWN = Answer(status=500, failure="status")
DAYS = trying.PATIENCE


@pytest.fixture
def clock(time_machine):
    """Stand the clock still, at a moment that is moved on."""
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)
    return time_machine


@pytest.fixture
def claims(endpoint, happen, inside):
    """Return what takes so many deliveries, as workers would."""

    def take(count):
        happen(*[f"Task {number}" for number in range(count)])
        with inside():
            read_all()
            return [trying.claim(str(endpoint.pk), slow=True) for _each in range(count)]

    return take


def titles(receiver):
    return [each.json["data"]["after"].get("title") for each in receiver.requests]


def signs(secret, request):
    try:
        Webhook(secret).verify(request.body, request.headers)
    except WebhookVerificationError:
        return False
    return True


# --- five days ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "state"), [(DAYS - timedelta(seconds=1), "failing"), (DAYS, "disabled")]
)
def test_five_days_are_five_days_to_the_second(past, state, claims, clock, inside, the):
    [first] = claims(1)
    with inside():
        trying.note(first, DOWN)
        clock.shift(past)
        [second] = claims(1)
        trying.note(second, DOWN)
    row = the.endpoint(first.endpoint_id)
    assert row.state == state
    assert len(the.entries("webhook.disabled")) == (state == "disabled")


def test_of_several_last_straws_one_is_told(claims, clock, inside, the, run_jobs):
    several = claims(4)
    with inside():
        long_ago = timezone.now() - DAYS
        Endpoint.objects.update(failing_since=long_ago)
        for claimed in several:
            trying.note(claimed, DOWN)
    run_jobs()
    assert len(the.entries("webhook.disabled")) == 1
    told = [message.to[0] for message in mail.outbox if "webhook" in message.subject]
    assert sorted(told) == ["adam@example.com", "alice@example.com"]
    assert len(the.attempts) == 4
    assert {each.state for each in the.deliveries} == {"failed"}


def test_what_was_mended_meanwhile_is_not_disabled_by_what_was_under_way(
    claims, clock, inside, cast, the, endpoint
):
    several = claims(2)
    with inside():
        Endpoint.objects.update(failing_since=timezone.now() - DAYS)
        trying.note(several[0], DOWN)
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
        # What was stopped has failed already; its late answer is only noted.
        trying.note(several[1], DOWN)
    assert the.endpoint(endpoint.pk).state == "receiving"
    assert len(the.entries("webhook.disabled")) == 1


def test_nobody_is_mailed_about_what_is_mended_by_now(
    claims, inside, cast, endpoint, run_jobs
):
    with inside():
        trying.note(claims(1)[0], Answer(status=410, failure="status"))
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
    run_jobs()
    assert [each.to for each in mail.outbox if "webhook" in each.subject] == []


def test_whoever_may_mend_it_now_is_mailed_and_nobody_else(
    claims, inside, cast, run_jobs
):
    with inside():
        members = {each.user_id: each for each in Membership.objects.all()}
        role = create_role(
            name="Hooks", base="viewer", abilities={"webhooks.edit"}, by=None
        )
        give_role(membership=members[cast.vera.pk], role=role, by=None)
        rows = Membership.objects.filter(user=cast.bob)
        rows.update(role="admin", suspended_at=timezone.now())
        trying.note(claims(1)[0], Answer(status=410, failure="status"))
    with identity():
        User.objects.filter(pk=cast.adam.pk).update(is_active=False)
    run_jobs()
    told = [each.to[0] for each in mail.outbox if "webhook" in each.subject]
    assert sorted(told) == ["alice@example.com", "vera@example.com"]


# --- secrets ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "both"),
    [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)],
)
def test_the_former_secret_signs_for_a_day_to_the_second(
    past, both, endpoint, receiver, happen, run_jobs, inside, cast, clock
):
    with inside():
        flows.roll_secret(endpoint=endpoint, by=cast.alice)
    clock.shift(past)
    happen("Order tyres")
    run_jobs()
    [request] = receiver.requests
    assert len(request.headers["webhook-signature"].split()) == 1 + both


def test_of_three_secrets_two_sign(
    endpoint, endpoint_at, receiver, happen, run_jobs, inside, cast
):
    first = endpoint_at.secrets[endpoint.pk]
    with inside():
        second, third = [
            flows.roll_secret(endpoint=endpoint, by=cast.alice) for _each in range(2)
        ]
    happen("Order tyres")
    run_jobs()
    [request] = receiver.requests
    assert [signs(each, request) for each in (first, second, third)] == [
        False,
        True,
        True,
    ]


def test_a_secret_that_is_gone_can_be_made_anew(
    endpoint, receiver, happen, run_jobs, inside, cast, settings, the
):
    settings.WEBHOOK_SECRETS_KEYS = ["n" * 50]
    happen("Lost")
    run_jobs()
    with inside():
        secret = flows.roll_secret(endpoint=endpoint, by=cast.alice)
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
        # The former one cannot be opened either, and must not be asked to sign.
        since = timezone.now() - timedelta(hours=1)
        assert flows.replay_failed(endpoint=endpoint, since=since, by=cast.alice) == 1
    run_jobs()
    assert titles(receiver) == ["Lost"]
    assert signs(secret, receiver.requests[0])
    assert the.endpoint(endpoint.pk).state == "receiving"


# --- what waits meanwhile -----------------------------------------------------------


def test_a_body_is_the_same_bytes_whatever_is_renamed_meanwhile(
    endpoint, receiver, happen, run_jobs, inside, cast, clock
):
    receiver.answer(500, 500, 200)
    [task] = happen("Order tyres")
    run_jobs()
    with inside():
        task.title = "Order nothing"
        task.save(update_fields=["title"])
    with identity():
        User.objects.filter(pk=cast.alice.pk).update(first_name="Alicia")
    set_acme(cast, name="Other", slug="other")
    for seconds in (10, 400):
        clock.shift(seconds)
        run_jobs(waiting=True)
    first, *later = receiver.requests
    assert len(later) == 2
    assert {each.body for each in later} == {first.body}
    stamps = [int(each.headers["webhook-timestamp"]) for each in receiver.requests]
    assert stamps == sorted(set(stamps))


def test_what_waits_goes_to_the_new_address_with_the_same_secret(
    endpoint, endpoint_at, receiver, happen, run_jobs, inside, cast, clock
):
    receiver.answer(500, 200)
    happen("Order tyres")
    run_jobs()
    about = {"url": receiver.url + "/new", "description": "", "events": []}
    with inside():
        assert flows.change_endpoint(endpoint=endpoint, by=cast.alice, **about)
        assert not flows.change_endpoint(endpoint=endpoint, by=cast.alice, **about)
    clock.shift(10)
    run_jobs(waiting=True)
    again = next(each for each in receiver.requests if each.path == "/hooks/new")
    assert again.body == receiver.requests[0].body
    assert signs(endpoint_at.secrets[endpoint.pk], receiver.requests[-1])


def test_what_is_held_too_long_is_not_sent_at_last(
    endpoint, receiver, happen, run_jobs, inside, cast
):
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
    happen("Old")
    run_jobs()
    with inside():
        old = timezone.now() - timedelta(days=31)
        Delivery.objects.update(created_at=old)
    happen("New")
    run_jobs()
    with no_context(), identity():
        purge_all()
    with inside():
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
    run_jobs()
    assert titles(receiver) == ["New"]


def test_the_clock_wakes_nothing_that_is_held_or_over(
    endpoint, endpoint_at, receiver, happen, inside, cast, clock
):
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
    happen("Held")
    with inside():
        read_all()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        clock.shift(timedelta(hours=1))
        with no_context(), identity():
            wake_all()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


# --- the organization ---------------------------------------------------------------


def test_its_end_and_its_return_are_told(endpoint_at, receiver, run_jobs, inside, cast):
    endpoint_at(receiver.url, events=["organization.*"])
    with inside():
        assert delete_organization(organization=cast.acme, by=cast.alice)
    run_jobs()
    assert take_back(organization=cast.acme, by=cast.alice)
    run_jobs()
    assert receiver.types == ["organization.deleted", "organization.undeleted"]


def test_in_a_deleted_organization_the_clock_looks_after_nothing(
    endpoint, happen, inside, cast, clock, the
):
    happen("Order tyres")
    with inside():
        read_all()
        delete_organization(organization=cast.acme, by=cast.alice)
    clock.shift(timedelta(days=31))
    with connection.cursor() as cursor, no_context(), identity():
        cursor.execute("DELETE FROM procrastinate_jobs")
        wake_all()
        purge_all()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
    # Whoever brings it back finds it as it was.
    assert [each.state for each in the.deliveries] == ["pending"]


def test_an_organization_that_is_gone_leaves_jobs_that_do_nothing(
    endpoint, receiver, happen, run_jobs, inside, cast
):
    happen("Order tyres")
    with inside():
        read_all()
        for model in (Attempt, Delivery, Endpoint):
            getattr(model, "with_trash", model.objects).all().delete()
    assert set(run_jobs()) == {"succeeded"}
    assert receiver.requests == []


def test_a_suspended_organization_makes_no_webhooks_and_reads_none(
    as_alice, endpoint, cast
):
    set_acme(cast, is_active=False)
    for path in ("", "new/", f"{endpoint.pk}/"):
        answer = as_alice.get(f"/developers/webhooks/{path}")
        assert answer.status_code in {302, 403}
    answer = as_alice.post(f"/developers/webhooks/{endpoint.pk}/pause/")
    assert answer.status_code in {302, 403}
    assert used_of(cast.acme, "webhooks") == 1


@pytest.mark.parametrize("verb", ["pause_endpoint", "remove_endpoint"])
def test_a_place_of_the_plan_is_given_back_by_removal_alone(
    verb, endpoint, inside, cast
):
    with inside():
        getattr(flows, verb)(endpoint=endpoint, by=cast.alice)
        getattr(flows, verb)(endpoint=endpoint, by=cast.alice)
    assert used_of(cast.acme, "webhooks") == (verb == "pause_endpoint")


def test_what_lives_on_after_a_plan_became_smaller_is_still_told(
    endpoint, receiver, happen, run_jobs, inside, cast
):
    set_acme(cast, limits={"webhooks": 0})
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
    happen("Order tyres")
    run_jobs()
    assert titles(receiver) == ["Order tyres"]


def test_who_made_it_may_leave(endpoint_at, receiver, happen, run_jobs, inside, cast):
    endpoint_at(receiver.url, by=cast.adam, events=["task.created"])
    with inside():
        Membership.objects.get(user=cast.adam).delete()
    happen("Order tyres")
    run_jobs()
    assert titles(receiver) == ["Order tyres"]
