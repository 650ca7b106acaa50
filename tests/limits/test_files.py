"""What is kept is counted, by the organization, up to its limit."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from organizations.limits.counting import claim, release, use_of
from organizations.limits.models import Key, Usage
from organizations.limits.refusals import LimitReached
from organizations.models import Organization
from organizations.tenancy import identity, no_context, operator, tenant
from organizations.tenancy.context import NoTenant
from tests.conftest import gather


def room():
    return use_of(Key.STORAGE)


def numbers():
    return room().used, room().limit


def take(size):
    claim(Key.STORAGE, size)


def give(size):
    release(Key.STORAGE, size)


def limit(organization, size):
    with no_context(), tenant(organization):
        limits = {} if size is None else {"storage_bytes": size}
        Organization.objects.filter(pk=organization.pk).update(limits=limits)


@pytest.fixture
def inside(cast):
    """Acme, which may keep a hundred bytes."""
    limit(cast.acme, 100)
    with no_context(), tenant(cast.acme, cast.alice):
        yield cast.acme


def test_nothing_is_used_at_first(inside):
    assert numbers() == (0, 100)
    assert room().left == 100


def test_what_is_taken_is_counted(inside):
    take(60)
    take(40)
    assert numbers() == (100, 100)
    assert room().left == 0
    assert Usage.objects.get(key=Key.STORAGE).used == 100


def test_one_byte_too_many_is_refused_and_not_counted(inside):
    take(60)
    with pytest.raises(LimitReached) as refused:
        take(41)
    assert (refused.value.used, refused.value.limit) == (60, 100)
    assert room().used == 60


def test_the_refusal_says_what_is_left(inside):
    take(60)
    with pytest.raises(LimitReached) as refused:
        take(41)
    assert "40 bytes of 100 bytes are left" in str(refused.value)


def test_what_is_given_back_can_be_taken_again(inside):
    take(100)
    give(30)
    take(30)
    assert room().left == 0


def test_giving_back_too_much_leaves_nothing_and_no_less(inside):
    take(10)
    give(11)
    assert room().used == 0


def test_giving_back_before_anything_was_taken_does_nothing(inside):
    give(5)
    assert room().used == 0


@pytest.mark.parametrize("size", [0, 2**40])
def test_without_a_limit_anything_can_be_taken(inside, size):
    limit(inside, None)
    take(size)
    assert numbers() == (size, None)
    assert room().left is None


def test_a_limit_of_nothing_takes_nothing(inside):
    limit(inside, 0)
    with pytest.raises(LimitReached):
        take(1)
    take(0)


def test_a_lowered_limit_counts_at_once_and_leaves_nothing_over(inside):
    take(80)
    limit(inside, 50)
    with pytest.raises(LimitReached):
        take(1)
    assert numbers() == (80, 50)
    assert room().left == 0


def test_what_is_not_kept_is_not_counted(inside):
    with transaction.atomic():
        take(50)
        transaction.set_rollback(True)
    assert room().used == 0


def test_a_refusal_spoils_no_transaction(inside):
    with transaction.atomic():
        take(50)
        with pytest.raises(LimitReached):
            take(51)
        take(50)
    assert room().used == 100


def test_each_organization_has_its_own_room(inside, cast):
    take(100)
    with no_context(), tenant(cast.globex, cast.charlie):
        assert room().used == 0
        take(1000)
        give(10)
    assert room().used == 100


@pytest.mark.parametrize("call", [room, lambda: take(1), lambda: give(1)])
def test_outside_an_organization_nothing_is_counted(cast, call):
    with no_context(), identity(), pytest.raises(NoTenant):
        call()


@pytest.mark.django_db(databases=["default", "operator"])
@pytest.mark.parametrize("call", [room, lambda: take(1), lambda: give(1)])
def test_staff_count_inside_an_organization_only(cast, call):
    with no_context(), operator(cast.olga, "test"), pytest.raises(NoTenant):
        call()


def take_at_once(organization, people, size):
    """Take room in threads of their own, and tell who got it."""
    gate, taken, refused = Barrier(len(people)), [], []

    def go(user):
        try:
            with tenant(organization, user), transaction.atomic():
                room()
                gate.wait()
                take(size)
                taken.append(user)
        except LimitReached:
            refused.append(user)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("started", [True, False])
def test_of_files_at_once_only_those_are_taken_that_fit(started):
    people = gather()
    limit(people.acme, 100)
    if started:
        with no_context(), tenant(people.acme):
            take(0)
    crowd = [people.alice, people.adam, people.bob, people.vera, people.nora]
    taken, refused = take_at_once(people.acme, crowd, 40)
    assert (len(taken), len(refused)) == (2, 3)
    with no_context(), tenant(people.acme):
        assert room().used == 80
