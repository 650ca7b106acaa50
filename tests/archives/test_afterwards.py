"""What people find once an archive was taken in: who may enter, what they see."""

import pytest

from organizations.api.models import ApiKey
from organizations.audit.models import AuditEntry
from organizations.models import Membership, Organization, Role
from organizations.tenancy import identity, no_context, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.archives.conftest import end, exported, hashed, take_in
from tests.conftest import join, make_user
from tests.personal.conftest import prove
from tests.tenancy.rows import a_row

ERASE = "/accounts/data/delete/"


def roles(organization):
    with no_context(), tenant(organization):
        rows = Membership.objects.values_list("user", "role")
        return dict(rows)


def make(organization, by, title):
    with no_context(), tenant(organization, by):
        return create_task(by=by, title=title, assignees=[])


def imports_recorded(organization):
    with no_context(), tenant(organization):
        return AuditEntry.objects.filter(action="organization.imported").count()


def test_whoever_joined_since_is_out_at_once(cast, sign_in):
    data = exported(cast.acme)
    join(cast.acme, cast.nora, "admin")
    nora = sign_in(cast.nora, cast.acme)
    assert nora.get("/tasks/").status_code == 200
    take_in(data, over=True)
    assert nora.get("/tasks/").status_code in (302, 404)
    assert nora.get("/organizations/settings/").status_code in (302, 403, 404)
    assert cast.nora.pk not in roles(cast.acme)
    assert imports_recorded(cast.acme) == 1


def test_a_role_is_the_archives_again_in_an_open_session(cast, as_bob):
    data = exported(cast.acme)
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.bob).update(role=Role.OWNER)
    assert as_bob.get("/organizations/settings/export/").status_code == 200
    take_in(data, over=True)
    assert as_bob.get("/organizations/settings/export/").status_code == 403
    assert roles(cast.acme)[cast.bob.pk] == Role.MEMBER


def test_no_page_shows_what_was_there_before(cast, as_alice):
    make(cast.acme, cast.alice, "Kept in the archive")
    data = exported(cast.acme)
    make(cast.acme, cast.alice, "Came afterwards")
    assert "Came afterwards" in as_alice.get("/tasks/").content.decode()
    take_in(data, over=True)
    text = as_alice.get("/tasks/").content.decode()
    assert "Kept in the archive" in text
    assert "Came afterwards" not in text


@pytest.mark.parametrize("how", ["over", "again", "new"])
def test_the_next_task_has_a_number_of_its_own(cast, how):
    for number in range(3):
        make(cast.acme, cast.alice, f"Task {number}")
    data = exported(cast.acme)
    if how == "again":
        end(cast.acme, cast.alice)
    said = {"over": {"over": True}, "again": {}, "new": {"new": True, "slug": "two"}}
    going = take_in(data, **said[how])
    there = Organization(pk=going.target)
    later = make(there, cast.alice, "One more")
    with no_context(), tenant(there):
        numbers = list(Task.objects.values_list("number", flat=True))
    assert sorted(numbers) == [1, 2, 3, 4]
    assert later.number == 4


def test_what_came_back_is_found(cast, as_alice):
    make(cast.acme, cast.alice, "Oil the squeaking portcullis")
    data = exported(cast.acme)
    end(cast.acme, cast.alice)
    take_in(data)
    answer = as_alice.get("/tasks/", {"q": "portcullis"}, follow=True)
    assert "squeaking" in answer.content.decode()


def test_keys_that_let_programs_in_stay_over_an_organization(cast):
    """They are in no archive: what is laid over must not sweep them away."""
    data = exported(cast.acme)
    with no_context(), tenant(cast.acme, cast.alice):
        a_row(ApiKey, cast.alice)
        Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
        Membership.objects.filter(user=cast.alice).update(suspended_at=None)
        before = list(ApiKey.objects.values())
    take_in(data, over=True)
    with no_context(), tenant(cast.acme):
        assert list(ApiKey.objects.values()) == before


@pytest.mark.parametrize("over", [True, False])
def test_whoever_was_erased_since_does_not_come_back(cast, as_bob, over):
    make(cast.acme, cast.bob, "Bob's work")
    data = exported(cast.acme)
    answer = prove(as_bob).post(ERASE, {"confirmation": "bob@example.com"})
    assert answer.status_code == 302
    if not over:
        end(cast.acme, cast.alice)
    going = take_in(data, over=over)
    assert cast.bob.pk not in roles(cast.acme)
    assert going.left_out["organizations_membership"] == 1
    assert going.people.unknown == []
    with no_context(), tenant(cast.acme):
        kept = Task.objects.get(title="Bob's work")
    assert kept.created_by_id == cast.bob.pk
    with identity():
        cast.bob.refresh_from_db()
    assert (cast.bob.is_active, cast.bob.name) == (False, "Deleted person")


def test_an_erased_owner_owns_nothing_again(cast, sign_in):
    """Were they counted as its owner, nobody would be left to own it."""
    dora = make_user("dora")
    join(cast.acme, dora, "owner")
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.alice).update(role=Role.MEMBER)
    data = exported(cast.acme)
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.alice).update(role=Role.OWNER)
    client = prove(sign_in(dora, cast.acme))
    assert client.post(ERASE, {"confirmation": dora.email}).status_code == 302
    going = take_in(data, over=True, owner="alice@example.com")
    assert roles(cast.acme)[cast.alice.pk] == Role.OWNER
    assert dora.pk not in roles(cast.acme)
    assert going.people.owner == str(cast.alice.pk)


def test_nobody_elses_organization_notices(cast, as_charlie):
    make(cast.globex, cast.charlie, "Globex alone")
    others = hashed(cast.globex)
    data = exported(cast.acme)
    take_in(data, over=True)
    end(cast.acme, cast.alice)
    take_in(data)
    take_in(data, new=True, name="Two", slug="two")
    assert hashed(cast.globex) == others
    assert "Globex alone" in as_charlie.get("/tasks/").content.decode()
