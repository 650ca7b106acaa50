"""Every route that takes a form, sent by staff who only look on: none changes anything.

Each has a database of its own, and the very form that changes something when the person
sends it (tests/audit/test_every_change.py).
"""

import pytest

from tests.audit.changes import NO_CHANGE, OF_OTHERS, READ_OUT, Change
from tests.audit.objects import bobs_team, inside
from tests.audit.test_every_change import EVERY, POSTED, counts, state
from tests.isolation.test_matrix import filled
from tests.operator.conftest import SOME_ID
from tests.queue import jobs
from tests.support.conftest import CONSOLE
from tests.support.test_closed import CLOSED, NEVER

pytestmark = CONSOLE
BY_THE_DATABASE = "nothing can be changed"
SENT = (
    EVERY
    | READ_OUT
    | dict.fromkeys({*NO_CHANGE, *OF_OTHERS}, Change(()))
    | {"teams:team_choose": Change((), inside("acme", bobs_team), who="bob")}
)
# Whoever looks on has these two for themselves; they write of the stay, nothing else.
OWN = {
    "support:ask": "asks the owners; test_grants has what it records",
    "support:stop": "ends the stay; test_ending has what it records",
}
# These are answered as the person is, for there is nothing that could be refused.
ANSWERED = {
    "comments:markdown_preview": (200, "draws a text that nobody keeps"),
    "teams:team_choose": (302, "is kept in the session, which is of the staff"),
    "teams:team_rest": (302, "is kept in the session, which is of the staff"),
}
# The person's only organization is in the bin: the stay is in none.
HOMELESS = {"organizations:organization_restore"}
WALKED = sorted(set(SENT) - set(OWN))
NEVER_OPEN = {route.name for route in CLOSED}


def test_no_route_is_left_out_but_the_two_of_the_bar():
    assert set(POSTED) == {*WALKED, *OWN}
    assert set(OWN) == {"support:ask", "support:stop"}
    assert set(OWN) | set(ANSWERED) <= set(NO_CHANGE)
    assert len(ANSWERED) == 3
    assert len(HOMELESS) == 1


# cap 81
@pytest.mark.parametrize("name", WALKED)
def test_no_route_changes_anything_while_staff_only_read(name, cast, look_on, settings):
    settings.DNS_RESOLVER = "tests.domains.conftest.answer"
    change = SENT[name]
    for setting, value in change.settings.items():
        setattr(settings, setting, value)
    key = change.make(cast) if change.make else SOME_ID
    values = change.values(cast) if callable(change.values) else change.values
    home = None if name in HOMELESS else cast.acme
    client = look_on(getattr(cast, change.who), home)
    before, entries, left = state(cast), counts(cast), jobs().count()
    answer = client.post(filled(POSTED[name].address, key), values)
    assert state(cast) == before
    assert counts(cast) == entries
    assert jobs().count() == left
    if name in ANSWERED:
        assert answer.status_code == ANSWERED[name][0]
        return
    assert answer.status_code == 403
    # What a grant would open gets as far as the database, and no further.
    assert (NEVER if name in NEVER_OPEN else BY_THE_DATABASE) in answer.text
