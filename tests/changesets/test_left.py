"""A change whose maker has left stays in sight, and can be taken back."""

import re

from organizations import flows
from organizations.tenancy import no_context, tenant

CHANGES = "/tasks/changes/"


def leave(cast, user):
    with no_context(), tenant(cast.acme, cast.alice):
        membership = cast.acme.memberships.get(user=user)
        flows.remove_member(membership=membership, by=cast.alice)


def test_a_change_of_somebody_who_left_is_undone(as_bob, as_alice, cast, acme_board):
    task = acme_board.add("Oil the gate")
    as_bob.post("/tasks/bulk/", {"pick": task.number, "priority": "5"})
    leave(cast, cast.bob)
    page = as_alice.get(CHANGES).text
    assert "a former member" in page
    where = re.search(rf'href="({CHANGES}[0-9a-f-]+/)"', page)[1]
    assert "a former member" in as_alice.get(where).text
    assert as_alice.post(f"{where}undo/").status_code == 302
    assert acme_board.now(task).priority == 3
    assert "Undone by Alice Example" in as_alice.get(where).text
    last = acme_board.history(task, "task.edited")[-1]
    assert last.actor_id == cast.alice.pk
