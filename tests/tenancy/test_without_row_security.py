"""With the policies switched off, what the ORM and the keys still hold."""

import pytest

from organizations.tenancy import NoTenant, identity, no_context
from tests.tenancy.attacks import ATTACKS, LOOT, UNSCOPED
from tests.tenancy.test_attacks import FROM_PEOPLE

pytestmark = pytest.mark.usefixtures("row_security_off")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_orm_and_the_keys_hold(attack, ours, theirs):
    assert attack.orm_only in attack.outcome(ours, theirs)


@pytest.mark.parametrize("call", UNSCOPED)
def test_a_call_without_a_context_is_still_refused(call, ours):
    outside = identity() if call in FROM_PEOPLE else no_context()
    with outside, pytest.raises(NoTenant):
        UNSCOPED[call](ours)


def test_only_raw_sql_and_the_people_need_the_policies():
    leaking = {attack.name for attack in ATTACKS if attack.orm_only == LOOT}
    assert len(leaking) == 14
    assert not any(attack.walls == LOOT for attack in ATTACKS)
