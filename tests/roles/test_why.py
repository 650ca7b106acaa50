"""Why somebody may do what they may: each ability traced to a role."""

import uuid

import pytest

from organizations import flows as organization_flows
from organizations.permissions import ABILITIES, effective
from organizations.roles.reasons import reasons
from organizations.tenancy import no_context, tenant
from tests.roles.conftest import ROLES, SEES


def why(member):
    return {reason.ability: reason for reason in reasons(member)}


@pytest.mark.parametrize("name", ["alice", "adam", "bob", "vera"])
def test_the_answers_are_what_holds(member, name):
    found = why(member(name))
    assert list(found) == list(ABILITIES)
    held = {ability for ability, reason in found.items() if reason.may}
    assert held == effective(member(name))


@pytest.mark.parametrize(
    ("name", "ability", "because"),
    [
        ("bob", "tasks.edit", "Member has it."),
        ("vera", "tasks.edit", "Only these have it: Owner, Admin, Member."),
        ("adam", "owners.edit", "Only these have it: Owner."),
        ("alice", "owners.edit", "Owner has it."),
    ],
)
def test_one_of_the_four_roles_gives_or_lacks_it(member, name, ability, because):
    assert why(member(name))[ability].because == because


# C1
@pytest.mark.parametrize(
    ("ability", "may", "because"),
    [
        ("tasks.view", True, "Auditor keeps it, as Member."),
        ("audit.view", True, "Auditor adds it."),
        ("tasks.edit", False, "Auditor leaves it out."),
        ("members.edit", False, "Neither Auditor nor Member has it."),
        ("organization.delete", False, "Only owners have it; no custom role"),
    ],
)
def test_a_custom_role_gives_or_lacks_it(role, give, member, ability, may, because):
    give("bob", role("Auditor", [*SEES, "audit.view"]))
    reason = why(member("bob"))[ability]
    assert reason.may is may
    assert reason.because.startswith(because)


def test_an_owner_looks_it_up(as_alice, role, give, member):
    give("bob", role())
    page = as_alice.get(f"{ROLES}why/{member('bob').pk}/").text
    assert "What Bob Example may do, and why" in page
    assert "Auditor leaves it out." in page
    assert "built on Member" in page


def test_a_suspended_member_may_nothing_of_it(as_alice, cast, member):
    with no_context(), tenant(cast.acme):
        organization_flows.suspend_member(membership=member("bob"), by=None)
    page = as_alice.get(f"{ROLES}why/{member('bob').pk}/").text
    assert "nothing of this holds until they are let in again" in page


# cap 33
@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_only_owners_look_it_up(request, member, who):
    client = request.getfixturevalue(who)
    assert client.get(f"{ROLES}why/{member('bob').pk}/").status_code == 403


# cap 31
def test_a_foreign_member_is_a_missing_one(as_alice, member):
    foreign = as_alice.get(f"{ROLES}why/{member('charlie', 'globex').pk}/")
    missing = as_alice.get(f"{ROLES}why/{uuid.uuid4()}/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [("bob", "Bob Example", "Vera Example"), ("zzz", "No member has that", "Bob Ex")],
)
def test_members_are_found_by_name(as_alice, words, shown, hidden):
    page = as_alice.get(ROLES, {"q": words}).text
    assert shown in page
    assert hidden not in page


def test_a_refusal_says_who_can_look_it_up(as_bob):
    page = as_bob.get(ROLES)
    assert page.status_code == 403
    assert "An owner can look up under Members, Roles" in page.text
