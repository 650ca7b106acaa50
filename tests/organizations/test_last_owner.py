"""The last owner can't be lost, however it is tried: the database holds the rule."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from organizations import flows
from organizations.models import Membership, Organization, Role, owned_alone
from organizations.owners import LastOwner, refused_by_rule
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import gather, join

MEMBERSHIP = "organizations_membership"


def refused(statement, *values):
    """Whether the database refuses a statement for want of an owner."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return refused_by_rule(error)
    return False


@pytest.fixture
def inside(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        yield cast


@pytest.mark.parametrize(
    "change",
    [
        "role = 'admin'",
        "role = 'viewer'",
        "suspended_at = now()",
        "role = 'member', suspended_at = now()",
    ],
)
def test_raw_sql_cannot_lose_the_last_owner(inside, change):
    assert refused(
        f"UPDATE {MEMBERSHIP} SET {change} WHERE user_id = %s", inside.alice.pk
    )
    assert Membership.objects.get(user=inside.alice).role == "owner"


def test_raw_sql_cannot_delete_the_last_owner(inside):
    assert refused(f"DELETE FROM {MEMBERSHIP}")
    assert Membership.objects.count() == 4


def test_two_owners_cannot_be_lost_in_one_statement(inside):
    join_as_owner(inside, inside.bob)
    assert refused(f"UPDATE {MEMBERSHIP} SET role = 'viewer'")
    assert refused(f"DELETE FROM {MEMBERSHIP} WHERE role = 'owner'")


def test_one_of_two_owners_may_go(inside):
    join_as_owner(inside, inside.bob)
    assert not refused(f"DELETE FROM {MEMBERSHIP} WHERE user_id = %s", inside.bob.pk)


def test_members_come_and_go_as_they_like(inside):
    assert not refused(f"DELETE FROM {MEMBERSHIP} WHERE role <> 'owner'")


def join_as_owner(cast, user):
    with no_context(), tenant(cast.acme):
        Membership.objects.update_or_create(
            user=user, defaults={"role": Role.OWNER, "organization": cast.acme}
        )


@pytest.mark.parametrize(
    "state",
    [
        {"banned": True},
        {"banned": True, "ban_expires_at": timezone.now() + timedelta(days=2)},
        {"is_active": False},
    ],
    ids=["banned", "banned for a while", "closed account"],
)
def test_an_owner_who_cannot_enter_does_not_count(inside, state):
    with no_context(), identity():
        User.objects.filter(pk=inside.bob.pk).update(**state)
    join_as_owner(inside, inside.bob)
    alices = Membership.objects.get(user=inside.alice)
    assert alices.is_last_owner()
    with pytest.raises(LastOwner):
        flows.leave(membership=alices)


def test_an_owner_whose_ban_has_ended_counts(inside):
    past = timezone.now() - timedelta(minutes=1)
    with no_context(), identity():
        User.objects.filter(pk=inside.bob.pk).update(banned=True, ban_expires_at=past)
    join_as_owner(inside, inside.bob)
    assert flows.leave(membership=Membership.objects.get(user=inside.alice))


# cap 5
@pytest.mark.parametrize("change", ["banned = true", "is_active = false"])
def test_an_only_owner_is_neither_banned_nor_closed(cast, change):
    with no_context(), identity():
        statement = f"UPDATE accounts_user SET {change} WHERE id = %s"
        assert refused(statement, cast.alice.pk)
        assert not refused(statement, cast.bob.pk)


def test_a_closed_organization_keeps_nobody(cast):
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(is_active=False)
    with no_context(), identity():
        assert not refused(
            "UPDATE accounts_user SET banned = true WHERE id = %s", cast.alice.pk
        )


def test_a_deleted_organization_keeps_nobody(inside):
    Organization.objects.filter(pk=inside.acme.pk).update(deleted_at=timezone.now())
    assert not refused(f"DELETE FROM {MEMBERSHIP}")


def test_who_owns_alone_is_known_beforehand(inside):
    assert owned_alone(inside.alice) == [inside.acme]
    assert owned_alone(inside.bob) == []
    join_as_owner(inside, inside.bob)
    assert owned_alone(inside.alice) == []


def leave_at_once(organization, people):
    """Let people leave in threads of their own, and tell who got out."""
    gate, out = Barrier(len(people)), []

    def go(user):
        try:
            with tenant(organization, user):
                own = Membership.objects.select_related("user").get(user=user)
                gate.wait()
                try:
                    flows.leave(membership=own)
                    out.append(user)
                except LastOwner:
                    pass
        finally:
            connection.close()

    threads = [Thread(target=go, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


@pytest.mark.django_db(transaction=True)
def test_of_owners_who_leave_at_once_one_stays():
    people = gather()
    for user in (people.bob, people.adam, people.vera):
        with no_context(), tenant(people.acme):
            Membership.objects.filter(user=user).update(role=Role.OWNER)
    join(people.acme, people.nora, "member")
    owners = [people.alice, people.bob, people.adam, people.vera]
    assert len(leave_at_once(people.acme, owners)) == 3
    with no_context(), tenant(people.acme):
        assert Membership.objects.filter(role=Role.OWNER).count() == 1
        assert Membership.objects.filter(user=people.nora).exists()
