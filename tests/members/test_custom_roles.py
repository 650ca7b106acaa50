"""Custom roles on the pages of members."""

import pytest

from organizations.models import CustomRole, Membership
from organizations.tenancy import no_context, tenant
from tests.history import entries

MEMBERS = "/organizations/members/"
ASSIGN = "/organizations/roles/assign/"


@pytest.fixture
def reader(cast):
    with no_context(), tenant(cast.acme):
        return CustomRole.objects.create(
            name="Reader", abilities=["members.view", "tasks.view"]
        )


def give(cast, role, name="bob"):
    with no_context(), tenant(cast.acme):
        found = Membership.objects.filter(user=getattr(cast, name))
        found.update(custom_role=role)


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_the_page_of_a_member_offers_the_roles_of_ones_own(
    request, address, reader, who
):
    page = request.getfixturevalue(who).get(address("bob")).text
    assert "Role of your own" in page
    assert "Reader" in page


def test_a_role_is_given_there_and_shown_everywhere(
    as_alice, address, member, cast, reader
):
    values = {"member": member("bob").pk, "role": reader.pk}
    page = as_alice.post(ASSIGN, values, follow=True)
    assert page.request["PATH_INFO"] == address("bob")
    assert "Bob Example is now Reader" in page.text
    assert "Reader" in as_alice.get(MEMBERS).text
    assert entries(cast.acme, "member.role_changed")[0].target_label == "Bob Example"


def test_it_holds_from_the_next_request(as_bob, cast, reader):
    assert as_bob.get("/tasks/new/").status_code == 200
    give(cast, reader)
    assert as_bob.get("/tasks/new/").status_code == 403
    assert as_bob.get("/tasks/").status_code == 200


def test_an_owner_is_offered_none(as_alice, address, reader):
    assert "Role of your own" not in as_alice.get(address("alice")).text


def test_without_any_none_is_offered(as_alice, address):
    assert "Role of your own" not in as_alice.get(address("bob")).text


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_are_offered_none(request, address, reader, who):
    page = request.getfixturevalue(who).get(address("adam")).text
    assert "Role of your own" not in page
    assert "Why may they" not in page


def test_owners_are_led_to_the_reasons(as_alice, address, member):
    page = as_alice.get(address("bob")).text
    assert f"/organizations/roles/why/{member('bob').pk}/" in page


def test_a_custom_role_is_not_changed_by_a_slip_in_the_list(as_alice, cast, reader):
    give(cast, reader)
    page = as_alice.get(MEMBERS, {"q": "bob"}).text
    assert "Role of Bob Example" not in page
    assert "Reader" in page


def test_another_organizations_role_is_none(as_charlie, member, cast, reader):
    values = {"member": member("charlie", cast.globex).pk, "role": reader.pk}
    assert as_charlie.post(ASSIGN, values).status_code == 404


@pytest.fixture
def changer(cast):
    """Bob may change and invite members, and little else."""
    with no_context(), tenant(cast.acme):
        role = CustomRole.objects.create(
            name="Host",
            abilities=["members.edit", "members.invite", "members.view", "tasks.view"],
        )
    give(cast, role)
    return role


@pytest.mark.parametrize("role", ["admin", "member"])
def test_nobody_gives_a_role_that_may_do_more_than_they(
    as_bob, changer, address, member, role
):
    answer = as_bob.post(address("vera", "role"), {"role": role})
    assert answer.status_code == 422
    assert member("vera").role == "viewer"


def test_an_admin_can_be_left_an_admin(as_bob, changer, address, member):
    assert as_bob.post(address("adam", "role"), {"role": "admin"}).status_code == 302
    assert member("adam").role == "admin"


@pytest.mark.parametrize("path", ["new/", "link/"])
@pytest.mark.parametrize(("role", "status"), [("admin", 422), ("member", 422)])
def test_nobody_invites_into_a_role_that_may_do_more(
    as_bob, changer, path, role, status
):
    values = {"addresses": "x@example.com", "days": "7", "role": role}
    answer = as_bob.post(f"/organizations/invitations/{path}", values)
    assert answer.status_code == status
