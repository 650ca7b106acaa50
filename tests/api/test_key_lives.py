"""A key in the middle of its work: narrowed, rotated, expired, revoked, shut out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from organizations import closing, flows
from organizations.api.flows import change_key, revoke_key, rotate_key
from organizations.api.models import ApiKey, KeptAnswer
from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.api.conftest import FORM, KEYS, Program, code_of, make_key
from tests.history import entries
from tests.limits.conftest import set_acme
from tests.tasks.conftest import acme_board

__all__ = ["acme_board"]

TASKS, LABELS = "/api/v1/tasks", "/api/v1/labels"
NOW = datetime(2027, 3, 1, 12, 0, 59, 900_000, tzinfo=UTC)


@pytest.fixture
def change(cast, program):
    """Return a call that changes the program's key as Alice."""

    def write(flow, **values):
        with no_context(), tenant(cast.acme, cast.alice):
            return flow(key=program.key, by=cast.alice, **values)

    return write


def narrowed(change, *scopes, expires_at=None):
    change(change_key, name="Robot", scopes=scopes, expires_at=expires_at, own=scopes)


def titles(cast):
    with no_context(), tenant(cast.acme):
        return sorted(Task.objects.values_list("title", flat=True))


def test_a_scope_that_is_taken_away_is_gone_with_the_next_request(
    program, cast, proven
):
    made = program.post(TASKS, {"title": "Tyres"})
    assert made.status_code == 201
    form = FORM | {"scopes": ["tasks.view"], "expires": "keep"}
    assert proven.post(f"{KEYS}{program.key.pk}/edit/", form).status_code == 302
    assert program.get(made["Location"]).status_code == 200
    for method, body in [("PATCH", {"title": "Rims"}), ("DELETE", None)]:
        answer = program.call(method, made["Location"], body)
        assert code_of(answer) == "scope_missing"
    assert titles(cast) == ["Tyres"]
    (entry,) = entries(cast.acme, "key.changed")
    assert entry.after["scopes"] == ["tasks.view"]


def test_a_scope_that_is_given_opens_with_the_next_request(program, cast, change):
    narrowed(change, "tasks.view")
    refused = program.post(TASKS, {"title": "Tyres"})
    assert (refused.status_code, refused.json()["scope"]) == (403, "tasks.edit")
    narrowed(change, "tasks.view", "tasks.edit")
    assert program.post(TASKS, {"title": "Tyres"}).status_code == 201


def test_what_is_done_with_the_former_secret_is_the_same_keys(program, cast, change):
    former = Program(program.text)
    _key, text = change(rotate_key, expires_at=None)
    present = Program(text)
    former.post(LABELS, {"name": "Boxes"})
    present.post(LABELS, {"name": "Tins"})
    before, after = entries(cast.acme, "label.created")
    # The letters people know it by are the present ones for both.
    assert before.actor_label == after.actor_label == f"Robot ({text[:10]}…)"


def test_both_secrets_share_a_minute_and_the_names_of_requests(program, cast, change):
    set_acme(cast, api_per_minute=3)
    former = Program(program.text)
    present = Program(change(rotate_key, expires_at=None)[1])
    once = {"Idempotency_Key": "order-7"}
    first = former.post(TASKS, {"title": "Tyres"}, **once)
    again = present.post(TASKS, {"title": "Tyres"}, **once)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert present.get(TASKS)["RateLimit"].startswith('"default";r=0;')
    assert code_of(former.get(TASKS)) == "too_many_requests"


def test_rotating_twice_ends_the_first_secret(program, change):
    second = change(rotate_key, expires_at=None)[1]
    third = change(rotate_key, expires_at=None)[1]
    assert code_of(program.get(TASKS)) == "key_invalid"
    assert Program(second).get(TASKS).status_code == 200
    assert Program(third).get(TASKS).status_code == 200


def test_revoking_ends_both_secrets(program, change):
    present = Program(change(rotate_key, expires_at=None)[1])
    assert change(revoke_key) is True
    assert code_of(present.get(TASKS)) == "key_revoked"
    assert code_of(program.get(TASKS)) == "key_invalid"
    assert change(revoke_key) is False


def test_a_key_ends_at_its_moment_and_not_before(cast, program, change, time_machine):
    time_machine.move_to(NOW, tick=False)
    narrowed(change, "tasks.view", expires_at=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(minutes=59, seconds=59), tick=False)
    assert program.get(TASKS).status_code == 200
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    answer = program.get(TASKS)
    assert (answer.status_code, code_of(answer)) == (401, "key_expired")
    assert "RateLimit" not in answer


def test_a_key_that_has_expired_can_be_given_more_time(cast, program, change, proven):
    narrowed(change, "tasks.view", expires_at=timezone.now() - timedelta(days=1))
    assert code_of(program.get(TASKS)) == "key_expired"
    form = FORM | {"scopes": ["tasks.view"], "expires": "30"}
    assert proven.post(f"{KEYS}{program.key.pk}/edit/", form).status_code == 302
    assert program.get(TASKS).status_code == 200


def test_expiry_ends_the_former_secret_too(program, change, time_machine):
    time_machine.move_to(NOW, tick=False)
    soon = NOW + timedelta(hours=1)
    present = Program(change(rotate_key, expires_at=soon)[1])
    assert program.get(TASKS).status_code == 200
    time_machine.move_to(soon + timedelta(seconds=1), tick=False)
    assert {code_of(one.get(TASKS)) for one in (program, present)} == {"key_expired"}


def test_a_minute_ends_at_the_clocks_edge(program, cast, time_machine):
    set_acme(cast, api_per_minute=1)
    time_machine.move_to(NOW, tick=False)
    assert program.get(TASKS)["RateLimit"] == '"default";r=0;t=1'
    refused = program.get(TASKS)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    assert program.get(TASKS)["RateLimit"] == '"default";r=0;t=60'
    assert program.get(TASKS)["Retry-After"] == "60"


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}?x=1", "/api/v1/nowhere"])
def test_what_is_refused_counts_as_a_request(program, cast, path, time_machine):
    time_machine.move_to(NOW, tick=False)
    set_acme(cast, api_per_minute=2)
    program.get(path)
    program.post(path, "{")
    assert program.get(path).status_code == 429


def test_beyond_the_limit_nothing_is_made(program, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    set_acme(cast, api_per_minute=1)
    program.get(TASKS)
    once = {"Idempotency_Key": "order-7"}
    assert program.post(TASKS, {"title": "Tyres"}, **once).status_code == 429
    assert titles(cast) == []
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    made = program.post(TASKS, {"title": "Tyres"}, **once)
    assert (made.status_code, titles(cast)) == (201, ["Tyres"])


def test_a_plan_that_grows_lets_a_waiting_key_on_at_once(program, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    set_acme(cast, api_per_minute=1)
    assert [program.get(TASKS).status_code for _n in range(2)] == [200, 429]
    set_acme(cast, api_per_minute=10)
    answer = program.get(TASKS)
    assert (answer.status_code, answer["RateLimit-Policy"]) == (
        200,
        '"default";q=10;w=60',
    )


def test_a_deleted_organization_opens_to_no_key_until_it_is_back(program, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
    for method in ("GET", "POST"):
        answer = program.call(method, TASKS)
        assert (answer.status_code, code_of(answer)) == (403, "organization_closed")
    assert closing.take_back(organization=cast.acme, by=cast.alice)
    assert program.get(TASKS).status_code == 200


def test_a_suspended_maker_leaves_the_key_as_it_is(cast):
    text = make_key(cast.acme, cast.adam)[1]
    with no_context(), tenant(cast.acme, cast.alice):
        place = cast.acme.memberships.get(user=cast.adam)
        flows.suspend_member(membership=place, by=cast.alice)
    assert Program(text).get(TASKS).status_code == 200


def test_what_was_done_is_told_again_after_the_bills_closed_the_rest(program, cast):
    once = {"Idempotency_Key": "order-7"}
    first = program.post(TASKS, {"title": "Tyres"}, **once)
    set_acme(cast, standing="read_only")
    again = program.post(TASKS, {"title": "Tyres"}, **once)
    assert (again.status_code, again.content) == (201, first.content)
    other = program.post(TASKS, {"title": "Rims"}, Idempotency_Key="order-8")
    assert code_of(other) == "payment_overdue"
    assert titles(cast) == ["Tyres"]


def test_what_is_refused_for_bills_can_be_sent_again_when_they_are_paid(program, cast):
    once = {"Idempotency_Key": "order-7"}
    set_acme(cast, standing="read_only")
    assert program.post(TASKS, {"title": "Tyres"}, **once).status_code == 402
    with no_context(), tenant(cast.acme):
        assert not KeptAnswer.objects.exists()
    set_acme(cast, standing="good")
    assert program.post(TASKS, {"title": "Tyres"}, **once).status_code == 201


def test_a_key_of_one_organization_is_unknown_in_another(cast, program):
    # The part that names the organization is exchanged; the secret is a true one.
    theirs = make_key(cast.globex, cast.charlie)[1]
    for text in (program.text[:-22] + theirs[-22:], theirs[:-22] + program.text[-22:]):
        assert code_of(Program(text).get(TASKS)) == "key_invalid"


def test_no_key_that_ended_is_noted_as_used(cast, program, change):
    change(revoke_key)
    program.get(TASKS)
    with no_context(), tenant(cast.acme):
        assert ApiKey.objects.get().last_used_at is None
