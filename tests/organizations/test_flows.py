import pytest

from organizations import flows
from organizations.models import Membership, Role
from organizations.owners import LastOwner
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import join
from tests.history import entries


@pytest.fixture
def inside(cast):
    """Work inside Acme as Alice."""
    with no_context(), tenant(cast.acme, cast.alice):
        yield


@pytest.fixture
def bobs(cast, inside):
    return Membership.objects.get(user=cast.bob)


@pytest.fixture
def alices(cast, inside):
    return Membership.objects.get(user=cast.alice)


# cap 20
def test_adding_a_member_twice_adds_one(cast, inside):
    for role in (Role.VIEWER, Role.OWNER):
        flows.add_member(
            organization=cast.acme, user=cast.nora, role=role, by=cast.alice
        )
    assert Membership.objects.get(user=cast.nora).role == "viewer"
    added = entries(cast.acme, "member.added")
    assert [one.target_label for one in added].count("Nora Example") == 1


def test_adding_records_who_whom_and_as_what(cast, inside):
    flows.add_member(
        organization=cast.acme, user=cast.nora, role=Role.MEMBER, by=cast.adam
    )
    entry = entries(cast.acme, "member.added")[0]
    assert (entry.actor_label, entry.target_label) == ("Adam Example", "Nora Example")
    assert entry.after == {"role": "member"}
    assert entry.target_type == "organizations.membership"


@pytest.mark.parametrize(
    ("verb", "action", "state"),
    [
        (flows.suspend_member, "member.suspended", True),
        (flows.unsuspend_member, "member.unsuspended", False),
    ],
)
def test_suspending_and_opening_again_happen_once(cast, bobs, verb, action, state):
    if not state:
        flows.suspend_member(membership=bobs, by=cast.alice)
    assert verb(membership=bobs, by=cast.alice)
    assert not verb(membership=bobs, by=cast.alice)
    bobs.refresh_from_db()
    assert bobs.is_suspended is state
    (entry,) = entries(cast.acme, action)
    assert (entry.actor_id, entry.target_label) == (cast.alice.pk, "Bob Example")


def test_removing_happens_once_and_leaves_the_person(cast, bobs):
    again = Membership.objects.get(pk=bobs.pk)
    assert flows.remove_member(membership=bobs, by=cast.alice)
    assert not flows.remove_member(membership=again, by=cast.alice)
    (entry,) = entries(cast.acme, "member.removed")
    assert (entry.target_label, entry.before) == ("Bob Example", {"role": "member"})
    with identity():
        cast.bob.refresh_from_db()


@pytest.mark.parametrize("verb", [flows.suspend_member, flows.remove_member])
def test_the_last_owner_stays(cast, alices, verb):
    with pytest.raises(LastOwner):
        verb(membership=alices, by=cast.adam)
    alices.refresh_from_db()
    assert not alices.is_suspended
    assert entries(cast.acme, "member.removed") == []


@pytest.mark.parametrize("verb", [flows.suspend_member, flows.remove_member])
def test_one_of_two_owners_may_go(cast, alices, verb):
    flows.add_member(organization=cast.acme, user=cast.nora, role=Role.OWNER, by=None)
    assert verb(membership=alices, by=cast.nora)


def test_a_suspended_owner_does_not_count(cast, alices):
    other = flows.add_member(
        organization=cast.acme, user=cast.nora, role=Role.OWNER, by=None
    )
    flows.suspend_member(membership=other, by=cast.alice)
    with pytest.raises(LastOwner):
        flows.remove_member(membership=alices, by=cast.nora)


def test_another_organizations_owners_do_not_count(cast, alices):
    with no_context():
        join(cast.globex, cast.alice, "owner")
    with pytest.raises(LastOwner):
        flows.remove_member(membership=alices, by=cast.adam)


# cap 42
def test_an_unrecorded_change_does_not_happen(cast, bobs):
    from organizations.audit import recording

    def refuse(**kwargs):
        raise RuntimeError

    recording.recorded.connect(refuse, weak=False)
    try:
        with pytest.raises(RuntimeError):
            flows.suspend_member(membership=bobs, by=cast.alice)
    finally:
        recording.recorded.disconnect(refuse)
    bobs.refresh_from_db()
    assert not bobs.is_suspended


# cap 18
def test_editing_nothing_answers_false(cast, inside):
    same = {"name": "Acme", "slug": "acme"}
    assert not flows.edit_organization(organization=cast.acme, by=cast.alice, **same)


# cap 18
def test_settings_are_data_and_have_defaults(cast, inside):
    assert cast.acme.preference("theme") == "system"
    flows.edit_organization(
        organization=cast.acme, by=cast.alice, settings={"theme": "dark"}
    )
    cast.acme.refresh_from_db()
    assert cast.acme.preference("theme") == "dark"
    assert type(cast.acme).objects.filter(settings__theme="dark").count() == 1
