"""Who people and organizations are elsewhere: noted once, seen by few."""

import pytest
from django.db import IntegrityError, transaction

from accounts.identities import IdentityTaken, note_identity
from accounts.models import ExternalIdentity
from organizations.identities import OrganizationTaken, note_organization
from organizations.models import ExternalOrganization
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.accounts.conftest import recorded
from tests.history import entries
from tests.operator.conftest import CONSOLE

CLERK = {"provider": "clerk", "external_id": "user_1"}
HOUSE = {"provider": "clerk", "external_id": "org_1"}


def note(user, **key):
    with no_context(), identity():
        return note_identity(user=user, **(CLERK | key))


def note_house(organization, **key):
    with no_context(), tenant(organization):
        return note_organization(organization=organization, by=None, **(HOUSE | key))


# cap 9
def test_a_person_is_known_by_their_id_elsewhere(alice):
    assert note(alice)
    with identity():
        found = ExternalIdentity.objects.get(**CLERK)
    assert found.user_id == alice.pk
    [entry] = recorded(alice, "user.identity_noted")
    assert entry.after == CLERK


def test_noting_a_person_twice_is_noting_them_once(alice):
    assert note(alice)
    assert not note(alice)
    assert len(recorded(alice, "user.identity_noted")) == 1


def test_an_id_is_one_persons_only(alice, bob):
    note(alice)
    with pytest.raises(IdentityTaken):
        note(bob)
    assert recorded(bob, "user.identity_noted") == []
    assert note(bob, provider="better-auth")
    assert note(bob, external_id="user_2")


@pytest.mark.parametrize("key", [{"provider": ""}, {"external_id": ""}])
def test_an_empty_id_names_nobody(alice, key):
    with identity(), pytest.raises(IntegrityError), transaction.atomic():
        ExternalIdentity.objects.create(user=alice, **(CLERK | key))


def test_a_person_sees_their_own_ids_only(alice, bob):
    note(alice)
    with no_context(), as_user(alice):
        assert ExternalIdentity.objects.count() == 1
    with no_context(), as_user(bob):
        assert ExternalIdentity.objects.count() == 0


# cap 9
def test_an_organization_is_known_by_its_id_elsewhere(acme, globex):
    assert note_house(acme)
    assert not note_house(acme)
    [entry] = entries(acme, "organization.identity_noted")
    assert entry.after == HOUSE
    with pytest.raises(OrganizationTaken):
        note_house(globex)
    assert note_house(globex, external_id="org_2")
    assert len(entries(globex, "organization.identity_noted")) == 1


def test_an_organization_sees_its_own_ids_only(acme, globex, cast):
    note_house(acme)
    with no_context(), tenant(acme, cast.alice):
        assert ExternalOrganization.objects.count() == 1
    with no_context(), tenant(globex, cast.charlie):
        assert ExternalOrganization.objects.count() == 0
    with no_context(), as_user(cast.alice):
        assert ExternalOrganization.objects.count() == 0


@CONSOLE
def test_staff_see_both_and_change_neither(cast, as_olga):
    note(cast.bob)
    note_house(cast.acme)
    for path, name in (
        ("/admin/accounts/externalidentity/", "Bob Example"),
        ("/admin/organizations/externalorganization/", "Acme"),
    ):
        page = as_olga.get(path)
        assert "clerk" in page.text
        assert name in page.text
        assert as_olga.get(f"{path}add/").status_code == 403
