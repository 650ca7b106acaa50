"""One counter for every thing: it holds whoever counts at once."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.limits.counting import claim, release, usage, use_of, within_limits
from organizations.limits.models import Key, Usage
from organizations.limits.refusals import LimitReached
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.conftest import gather
from tests.limits.conftest import set_acme, used_of

KEYS = [Key.API_KEYS, Key.WEBHOOKS, Key.STORAGE]


@pytest.fixture
def inside(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        yield cast.acme


# cap 54
@pytest.mark.parametrize("key", KEYS)
def test_a_thing_is_claimed_up_to_its_limit(inside, allow, used, key):
    allow(**{key: 2})
    claim(key)
    claim(key)
    with pytest.raises(LimitReached) as refused:
        claim(key)
    assert (refused.value.key, refused.value.used, refused.value.limit) == (key, 2, 2)
    assert used(key) == 2


def test_what_is_released_can_be_claimed_again(inside, allow, used):
    allow(webhooks=1)
    claim("webhooks")
    release("webhooks")
    claim("webhooks")
    assert used("webhooks") == 1


def test_releasing_more_than_there_is_leaves_nothing(inside, used):
    claim("webhooks")
    release("webhooks", 5)
    assert used("webhooks") == 0


def test_releasing_nothing_is_no_claim(inside, allow, used):
    claim("api_keys", 3)
    allow(api_keys=1)
    release("api_keys", 0)
    assert used("api_keys") == 3


def test_each_thing_has_a_counter_of_its_own(inside, allow, used):
    allow(api_keys=1, webhooks=1)
    claim("api_keys")
    claim("webhooks")
    assert (used("api_keys"), used("webhooks"), used("tasks")) == (1, 1, 0)


def test_a_refusal_spoils_no_transaction(inside, allow, used):
    allow(api_keys=1)
    with transaction.atomic():
        claim("api_keys")
        with pytest.raises(LimitReached):
            claim("api_keys")
        Organization.objects.get(pk=inside.pk)
    assert used("api_keys") == 1


def test_another_broken_rule_is_not_taken_for_a_limit(inside):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        within_limits(),
    ):
        Usage.objects.create(key="nonsense")


def test_an_error_that_no_database_raised_is_not_taken_for_a_limit():
    with pytest.raises(IntegrityError), within_limits():
        raise IntegrityError


def test_the_counter_counts_in_no_other_organization(inside, cast):
    sql = "SELECT app.count_usage(%s, 'api_keys', 1)"
    refused = pytest.raises(Exception, match="row-level security")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [cast.globex.pk])
    assert used_of(cast.globex, "api_keys") == 0


def test_usage_tells_what_is_there_and_what_may_be(inside, allow, acme_board):
    allow(members=5, tasks=10)
    acme_board.add_many(8)
    seats, tasks, files, keys, hooks = usage()
    assert (seats.key, seats.used, seats.limit, seats.left) == ("members", 4, 5, 1)
    assert seats.note == "4 people"
    assert (tasks.used, tasks.limit, tasks.percent, tasks.level) == (8, 10, 80, "near")
    assert (files.used, files.limit, files.percent, files.level) == (0, None, 0, "")
    assert files.left is None
    assert (keys.key, keys.used) == ("api_keys", 0)
    assert (hooks.key, hooks.used) == ("webhooks", 0)


@pytest.mark.parametrize(
    ("limit", "used", "percent", "level", "shown"),
    [
        (10, 7, 70, "", 7),
        (10, 8, 80, "near", 8),
        (10, 10, 100, "full", 10),
        (10, 13, 130, "full", 10),
        (3, 2, 66, "", 2),
        (0, 0, 100, "full", 1),
    ],
)
def test_a_meter_has_the_colour_of_its_share(
    inside, allow, limit, used, percent, level, shown
):
    claim("api_keys", used)
    allow(api_keys=limit)
    use = use_of(Key.API_KEYS)
    assert (use.percent, use.level, use.shown) == (percent, level, shown)
    assert use.is_over is (used > limit)


def claim_at_once(organization, key, people):
    """Claim in threads of their own; return how many got it, and how many did not."""
    gate, got, refused = Barrier(len(people)), [], []

    def go(user):
        try:
            with tenant(organization, user), transaction.atomic():
                gate.wait()
                claim(key)
                got.append(user)
        except LimitReached:
            refused.append(user)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(got), len(refused)


# cap 54
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [Key.API_KEYS, Key.WEBHOOKS])
@pytest.mark.parametrize("started", [True, False])
def test_of_many_at_once_only_those_get_in_that_fit(key, started):
    cast = gather()
    set_acme(cast, limits={key: 5})
    if started:
        with no_context(), tenant(cast.acme):
            claim(key)
    people = [cast.alice, cast.adam, cast.bob, cast.vera] * 5
    free = 4 if started else 5
    assert claim_at_once(cast.acme, key, people) == (free, 20 - free)
    assert used_of(cast.acme, key) == 5
