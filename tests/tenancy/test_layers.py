"""With one layer of the walls taken away, what the other still holds."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from organizations.tenancy import identity, no_context, tenant
from tests.lab.models import Item
from tests.tenancy.attacks import ATTACKS, LOOT, UNSCOPED
from tests.tenancy.test_attacks import FROM_PEOPLE


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_policies_hold_without_the_orm(attack, ours, theirs, orm_off):
    assert attack.rls_only in attack.outcome(ours, theirs)
    assert attack.rls_only != LOOT


@pytest.mark.parametrize("call", UNSCOPED)
def test_a_call_without_a_context_gets_nothing_from_the_policies(call, ours, orm_off):
    outside = identity() if call in FROM_PEOPLE else no_context()
    try:
        with outside, transaction.atomic():
            got = UNSCOPED[call](ours)
    except (DatabaseError, ObjectDoesNotExist):
        got = None
    assert not got or call in FROM_PEOPLE
    with tenant(ours.organization):
        assert [item.title for item in Item.objects.all()] == ["item of ours"]
