"""Who people are here: by id, by address, unknown, made, or somebody in their stead."""

import uuid

import pytest

from accounts.models import User
from organizations.archives.reading import Unreadable
from organizations.audit.checking import verify
from organizations.models import Membership, Organization, Role
from organizations.tenancy import identity, no_context, tenant
from tasks.attachments.models import Attachment
from tasks.flows import create_task
from tasks.models import Task, TaskAssignee
from tests.archives.conftest import exported, resigned, take_in
from tests.conftest import make_user

ELSEWHERE = str(uuid.uuid4())


def stranger(data, person, email="stranger@example.com"):
    """Return an archive in which a person has another id, and address."""
    old, new = str(person.pk).encode(), ELSEWHERE.encode()

    def change(name, text):
        return text.replace(old, new).replace(person.email.encode(), email.encode())

    return resigned(data, change)


@pytest.fixture
def data(cast):
    with no_context(), tenant(cast.acme, cast.bob):
        task = create_task(by=cast.bob, title="Bob's", assignees=[cast.bob])
        path = f"org/{cast.acme.pk}/attachments/1"
        Attachment.objects.create(
            task=task, uploaded_by=cast.bob, name="a.txt", size=1, path=path
        )
    return exported(cast.acme)


def new(data, **how):
    return take_in(data, new=True, name="New", slug="new", **how)


def test_somebody_with_another_id_is_found_by_the_address(cast, data):
    going = new(stranger(data, cast.bob, cast.bob.email))
    assert going.people.unknown == []
    with no_context(), tenant(going.target):
        assert Task.objects.get(title="Bob's").created_by_id == cast.bob.pk
        assert Membership.objects.filter(user=cast.bob).exists()


def test_somebody_unknown_is_listed_and_nobody_is_made(cast, data):
    going = new(stranger(data, cast.bob))
    assert [one["email"] for one in going.people.unknown] == ["stranger@example.com"]
    with no_context(), identity():
        assert not User.objects.filter(email="stranger@example.com").exists()
    with no_context(), tenant(going.target):
        assert Task.objects.get(title="Bob's").created_by_id is None
        assert Attachment.objects.get().uploaded_by_id == cast.alice.pk
        assert TaskAssignee.objects.count() == 0
        assert Membership.objects.count() == 3
        assert verify(going.target).problem is None
    assert going.left_out["organizations_membership"] == 1
    assert going.left_out["tasks_taskassignee"] == 1


def test_operators_may_have_accounts_made(cast, data):
    going = new(stranger(data, cast.bob), create=True)
    assert going.people.made == ["stranger@example.com"]
    with no_context(), identity():
        made = User.objects.get(email="stranger@example.com")
    assert (str(made.pk), made.has_usable_password()) == (ELSEWHERE, False)
    assert (made.first_name, made.email_verified) == ("Bob", False)
    with no_context(), tenant(going.target):
        assert Membership.objects.get(user=made).role == Role.MEMBER
        assert Task.objects.get(title="Bob's").created_by_id == made.pk


def test_without_a_known_owner_somebody_is_named(cast, data):
    foreign = stranger(data, cast.alice)
    with pytest.raises(Unreadable, match="name somebody who will"):
        new(foreign)
    going = new(foreign, owner="nora@example.com")
    with no_context(), tenant(going.target):
        owners = Membership.objects.filter(role=Role.OWNER)
        assert [one.user_id for one in owners] == [cast.nora.pk]
        assert Organization.objects.get(pk=going.target).deleted_at is None


def test_who_stands_in_may_be_a_member_already(cast, data):
    going = new(stranger(data, cast.alice), owner="bob@example.com")
    with no_context(), tenant(going.target):
        assert Membership.objects.get(user=cast.bob).role == Role.OWNER


def test_nobody_with_the_owners_address_is_said(cast, data):
    with pytest.raises(LookupError, match=r"x@example.com"):
        new(data, owner="x@example.com")


def test_people_who_left_keep_their_work(cast):
    dora = make_user("dora")
    with no_context(), tenant(cast.acme, cast.alice):
        Membership.objects.create(user=dora, role=Role.MEMBER)
        create_task(by=dora, title="Dora's", assignees=[])
        Membership.objects.filter(user=dora).delete()
    going = new(exported(cast.acme))
    with no_context(), tenant(going.target):
        assert Task.objects.get(title="Dora's").created_by_id == dora.pk
