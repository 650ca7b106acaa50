"""Staff do not leave an organization without an owner by shutting one out."""

import pytest

from accounts.models import User
from config.operator import acts
from organizations.audit.models import PlatformEntry
from organizations.models import Membership, Organization
from organizations.owners import LastOwner
from organizations.tenancy import operator
from tests.operator.conftest import CONSOLE, act, address
from tests.operator.test_changes import PERSON

pytestmark = CONSOLE


def alice_is_open(look, cast):
    person = look(lambda: User.objects.get(pk=cast.alice.pk))
    return person.is_active and not person.banned


def test_a_last_owner_is_not_banned(as_olga, cast, look):
    page = act(as_olga, User, "ban", cast.alice, cast.bob, reason="Sends spam")
    assert "Alice Example: The only owner of Acme." in page.text
    assert alice_is_open(look, cast)
    assert look(lambda: User.objects.get(pk=cast.bob.pk)).banned
    assert look(PlatformEntry.objects.filter(action="user.banned").count) == 1


def test_a_last_owner_is_banned_once_the_organization_is_closed(as_olga, cast, look):
    act(as_olga, Organization, "suspend", cast.acme, reason="Spam")
    act(as_olga, User, "ban", cast.alice, reason="Spam")
    assert not alice_is_open(look, cast)


def test_a_last_owners_account_is_not_closed(as_olga, cast, look):
    values = PERSON | {"first_name": "Alice", "is_active": ""}
    page = as_olga.post(address(User, "change", cast.alice.pk), values)
    assert page.status_code == 200
    assert "The only owner of Acme." in page.text
    assert alice_is_open(look, cast)


def test_the_database_has_the_last_word(cast, look):
    with operator(cast.olga, "test"), pytest.raises(LastOwner):
        acts.ban(cast.alice, by=cast.olga, reason="Race")
    assert alice_is_open(look, cast)
    assert not look(PlatformEntry.objects.filter(action="user.banned").exists)


def test_staff_cannot_delete_a_last_owner(as_olga, cast, look):
    membership = look(lambda: Membership.objects.get(user=cast.alice))
    page = as_olga.post(
        address(Membership, "delete", membership.pk), {"post": "yes"}, follow=True
    )
    assert "is the last owner of Acme" in page.text
    assert look(Membership.objects.filter(user=cast.alice).exists)
