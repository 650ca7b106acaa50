"""Putting roles together, changing and removing them."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from organizations.models import CustomRole
from organizations.permissions import ABILITIES, GRANTABLE, abilities
from organizations.roles import flows
from organizations.tenancy import no_context, tenant
from tests.history import entries
from tests.roles.conftest import ROLES, SEES
from tests.tenancy.attacks import sql

NEW = ROLES + "new/"
AUDITOR = {"name": "Auditor", "base": "viewer", "abilities": SEES}


# C1
def test_an_owner_puts_a_role_together(as_alice, cast, roles_now):
    answer = as_alice.post(NEW, AUDITOR)
    assert (answer.status_code, answer["Location"]) == (302, ROLES)
    (made,) = roles_now()
    assert (made.name, made.base, made.abilities) == ("Auditor", "viewer", SEES)
    (entry,) = entries(cast.acme, "role.created")
    assert (entry.actor_id, entry.after["abilities"]) == (cast.alice.pk, SEES)


# cap 33
@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_only_owners_put_roles_together(request, role, roles_now, who):
    client, made = request.getfixturevalue(who), role("Kept")
    for address in (NEW, f"{ROLES}{made.pk}/edit/", f"{ROLES}{made.pk}/delete/"):
        answer = client.post(address, AUDITOR)
        assert answer.status_code == 403
        assert "change roles" in answer.text
    assert client.get(ROLES).status_code == 403
    assert [one.name for one in roles_now()] == ["Kept"]


OWNERS_ONLY = {
    "organization.delete",
    "organization.export",
    "organization.import",
    "owners.edit",
    "roles.edit",
    "support.edit",
}


def test_owners_keep_what_is_theirs():
    kept = set(ABILITIES) - GRANTABLE
    assert kept == OWNERS_ONLY
    assert abilities("admin") == GRANTABLE


@pytest.mark.parametrize("ability", [*sorted(OWNERS_ONLY), "root", "", "\x00"])
def test_no_role_holds_what_owners_keep(as_alice, roles_now, ability):
    values = AUDITOR | {"abilities": [*SEES, ability]}
    assert as_alice.post(NEW, values).status_code == 422
    assert roles_now() == []


@pytest.mark.parametrize("ability", ["owners.edit", "root"])
def test_no_flow_gives_it_either(cast, ability):
    with no_context(), tenant(cast.acme), pytest.raises(ValueError, match=ability):
        flows.create_role(name="A", base="member", abilities=[ability], by=None)


def test_what_stands_in_the_row_all_the_same_gives_nothing(as_bob, role, give, cast):
    made = role("Auditor", ["tasks.view"])
    give("bob", made)
    with no_context(), tenant(cast.acme):
        everything = [*ABILITIES, "root"]
        CustomRole.objects.filter(pk=made.pk).update(abilities=everything)
    assert as_bob.get("/tasks/").wsgi_request.abilities == GRANTABLE
    assert as_bob.get(ROLES).status_code == 403


@pytest.mark.parametrize("base", ["owner", "god", ""])
def test_no_role_is_built_on_owners(as_alice, cast, roles_now, base):
    assert as_alice.post(NEW, AUDITOR | {"base": base}).status_code == 422
    with no_context(), tenant(cast.acme), pytest.raises(flows.OwnersStay):
        flows.create_role(name="A", base="owner", abilities=SEES, by=None)
    assert roles_now() == []


def test_the_database_builds_no_role_on_owners(cast):
    with no_context(), tenant(cast.acme), transaction.atomic():
        with pytest.raises(IntegrityError, match="organizations_role_base"):
            CustomRole.objects.create(name="A", base="owner")


def test_a_role_gives_something(as_alice, roles_now):
    values = AUDITOR | {"abilities": []}
    page = as_alice.post(NEW, values)
    assert page.status_code == 422
    assert "Choose at least one thing" in page.text
    assert roles_now() == []


def test_who_changes_things_has_to_see_them(as_alice, roles_now):
    page = as_alice.post(NEW, AUDITOR | {"abilities": ["tasks.edit"]})
    assert page.status_code == 422
    assert "Whoever may change tasks has to see tasks, too" in page.text
    assert roles_now() == []


@pytest.mark.parametrize("name", ["", "\u200b", "x" * 51, "\x00", "a\nb"])
def test_a_role_needs_a_name_that_can_be_read(as_alice, roles_now, name):
    assert as_alice.post(NEW, AUDITOR | {"name": name}).status_code == 422
    assert roles_now() == []


def test_a_name_is_an_organizations_only_one(as_alice, role, roles_now):
    role("Auditor", home="globex")
    assert as_alice.post(NEW, AUDITOR).status_code == 302
    page = as_alice.post(NEW, AUDITOR | {"name": "AUDITOR"})
    assert page.status_code == 422
    assert "There is a role called “AUDITOR”" in page.text
    assert len(roles_now()) == 1


def test_a_role_is_changed_and_recorded(as_alice, cast, role, roles_now):
    made = role()
    values = {"name": "Reader", "abilities": ["tasks.view"]}
    assert as_alice.post(f"{ROLES}{made.pk}/edit/", values).status_code == 302
    (now,) = roles_now()
    assert (now.name, now.abilities, now.base) == ("Reader", ["tasks.view"], "member")
    (entry,) = entries(cast.acme, "role.changed")
    assert entry.before == {"name": "Auditor", "abilities": SEES}


def test_saving_the_same_records_nothing(as_alice, cast, role):
    made = role()
    values = {"name": "Auditor", "abilities": list(reversed(SEES))}
    as_alice.post(f"{ROLES}{made.pk}/edit/", values)
    assert entries(cast.acme, "role.changed") == []


def test_what_a_role_is_built_on_never_changes(as_alice, role, roles_now):
    made = role()
    values = {"name": "Auditor", "abilities": SEES, "base": "admin"}
    as_alice.post(f"{ROLES}{made.pk}/edit/", values)
    assert roles_now()[0].base == "member"


def test_a_role_that_nobody_has_is_removed(as_alice, cast, role, roles_now):
    made = role()
    answer = as_alice.post(f"{ROLES}{made.pk}/delete/")
    assert answer["Location"] == ROLES
    assert roles_now() == []
    (entry,) = entries(cast.acme, "role.removed")
    assert entry.before["abilities"] == SEES


def test_a_role_that_somebody_has_stays(as_alice, cast, role, give, roles_now):
    made = role()
    give("bob", made)
    page = as_alice.post(f"{ROLES}{made.pk}/delete/", follow=True)
    assert "1 member has this role. Give them another one first." in page.text
    assert roles_now() == [made]
    assert entries(cast.acme, "role.removed") == []


def test_the_database_keeps_a_role_that_somebody_has(cast, role, give):
    made = role()
    give("bob", made)
    with no_context(), tenant(cast.acme):
        with pytest.raises(IntegrityError), transaction.atomic():
            sql("DELETE FROM organizations_customrole WHERE id = %s", [made.pk])
        assert CustomRole.objects.filter(pk=made.pk).exists()


# cap 31
@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_a_foreign_role_is_a_missing_one(as_alice, role, roles_now, verb):
    made = role(home="globex")
    foreign = as_alice.post(f"{ROLES}{made.pk}/{verb}/", AUDITOR | {"name": "Mine"})
    missing = as_alice.post(f"{ROLES}{uuid.uuid4()}/{verb}/", AUDITOR)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert roles_now("globex")[0].name == "Auditor"


def test_the_list_says_how_many_have_each(as_alice, role, give):
    made = role()
    for name in ("bob", "vera"):
        give(name, made)
    page = as_alice.get(ROLES).text
    assert "Built on Member, 2 people have it" in page


def test_the_list_costs_the_same_with_many_roles(
    as_alice, role, django_assert_num_queries
):
    for number in range(10):
        role(f"Role {number}")
    with django_assert_num_queries(4):
        assert as_alice.get(ROLES).text.count("Built on Member") == 10
