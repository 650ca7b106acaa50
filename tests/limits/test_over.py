"""What is over its limit since the plan became smaller can be read, and made fewer."""

import pytest
from django.db import connection

from organizations.invitations.flows import make_link
from organizations.limits.counting import claim
from organizations.limits.models import Key
from organizations.limits.over import note_over
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from tasks.changesets.flows import keep_created
from tests.gallery.conftest import send
from tests.history import entries
from tests.limits.conftest import acme_now
from tests.pictures.conftest import picture

NEW, LIST = "/tasks/new/", "/tasks/"
HTMX = {"headers": {"hx-request": "true"}}
OVER = "The plan has room for 2 tasks, and there are 3."


@pytest.fixture
def downgrade(cast, allow):
    """Make Acme's plan smaller, as billing does."""

    def shrink(**limits):
        allow(**limits)
        with no_context(), tenant(cast.acme, cast.alice):
            return note_over(acme_now(cast))

    return shrink


@pytest.fixture
def over(acme_board, downgrade):
    """Three tasks of Acme, which may have two."""
    tasks = acme_board.add_many(3)
    assert downgrade(tasks=2) == ["tasks"]
    return tasks


# cap 54
def test_a_smaller_plan_is_noted_and_recorded_once(over, downgrade, cast):
    assert acme_now(cast).over == ["tasks"]
    downgrade(tasks=2)
    (entry,) = entries(cast.acme, "organization.over_limits")
    assert (entry.before, entry.after) == ({"over": []}, {"over": ["tasks"]})
    assert entry.target_label == "Acme"


def test_a_plan_that_fits_notes_nothing(acme_board, downgrade, cast):
    acme_board.add_many(2)
    assert downgrade(tasks=2, members=4) == []
    assert entries(cast.acme, "organization.over_limits") == []


def test_several_things_can_be_over(acme_board, downgrade, cast):
    acme_board.add_many(2)
    with no_context(), tenant(cast.acme):
        claim(Key.STORAGE, 500)
    found = downgrade(tasks=1, members=3, storage_bytes=100)
    assert found == ["members", "tasks", "storage_bytes"]


# cap 54
def test_tasks_that_are_over_can_be_read_and_exported(as_bob, over):
    for address in (LIST, f"/tasks/{over[0].pk}/", "/tasks/board/", NEW):
        assert as_bob.get(address).status_code == 200
    assert as_bob.post("/tasks/export/", {"format": "csv"}).status_code == 200


# cap 54
@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/tasks/{}/status/", {"status": "done"}),
        ("/tasks/{}/edit/", {"title": "Changed"}),
        (NEW, {"title": "One more"}),
        ("/tasks/bulk/", {"status": "done"}),
    ],
)
def test_tasks_that_are_over_cannot_be_changed(
    as_bob, acme_board, over, address, values
):
    before = [(task.title, task.status) for task in acme_board.all()]
    answer = as_bob.post(address.format(over[0].pk), values)
    assert answer.status_code == 402
    assert "Read-only until it fits" in answer.text
    assert f"{OVER} They are read-only until" in answer.text
    assert "Alice Example or Adam Example can change the plan." in answer.text
    assert [(task.title, task.status) for task in acme_board.all()] == before


def test_a_script_is_told_by_a_toast(as_bob, over):
    answer = as_bob.post(f"/tasks/{over[0].pk}/status/", {"status": "done"}, **HTMX)
    assert (answer.status_code, answer.content) == (402, b"")
    assert OVER in answer["HX-Trigger"]


def test_who_may_not_change_tasks_anyway_hears_that(as_vera, over):
    assert as_vera.post(NEW, {"title": "One more"}).status_code == 403


# cap 54
def test_deleting_enough_opens_the_door_at_once(as_bob, acme_board, over, cast):
    assert as_bob.post(f"/tasks/{over[0].pk}/delete/").status_code == 302
    answer = as_bob.post(f"/tasks/{over[1].pk}/status/", {"status": "done"})
    assert answer.status_code == 302
    assert acme_board.now(over[1]).status == "done"
    assert acme_now(cast).over == []
    opened = entries(cast.acme, "organization.over_limits")[0]
    assert (opened.after, opened.actor_id) == ({"over": []}, cast.bob.pk)


def test_a_larger_plan_opens_the_door_at_once(as_bob, acme_board, over, allow):
    allow(tasks=10)
    as_bob.post(f"/tasks/{over[1].pk}/status/", {"status": "done"})
    assert acme_board.now(over[1]).status == "done"


def test_of_two_things_over_each_opens_by_itself(as_bob, acme_board, downgrade, cast):
    tasks = acme_board.add_many(2)
    downgrade(tasks=1, members=3)
    as_bob.post(f"/tasks/{tasks[0].pk}/delete/")
    answer = as_bob.post(f"/tasks/{tasks[1].pk}/status/", {"status": "done"})
    assert answer.status_code == 302
    assert acme_now(cast).over == ["members"]


def test_an_import_that_made_too_many_can_be_undone(as_bob, over, acme_board, cast):
    with no_context(), acme_board.inside():
        change = keep_created(over, by=cast.bob, label="tasks.csv")
    answer = as_bob.post(f"/tasks/changes/{change.pk}/undo/")
    assert answer.status_code == 302
    assert acme_board.all() == []


# cap 54
def test_seats_that_are_over_let_nobody_in(as_alice, as_nora, downgrade, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        values = {"max_uses": None, "allowed_domains": [], "days": 7}
        _link, token = make_link(
            organization=cast.acme, by=cast.alice, role=Role.MEMBER, **values
        )
    downgrade(members=3)
    for address in ("new/", "link/"):
        answer = as_alice.post(f"/organizations/invitations/{address}", {})
        assert answer.status_code == 402
        assert "The plan has 3 seats, and 4 are taken." in answer.text
    assert "Acme is full" in as_nora.post(f"/join/{token}/accept/").text
    with no_context(), tenant(cast.acme):
        assert not cast.acme.memberships.filter(user=cast.nora).exists()


def test_members_work_on_while_seats_are_over(as_bob, downgrade, acme_board):
    downgrade(members=3)
    assert as_bob.post(NEW, {"title": "Oil the gate"}).status_code == 302
    assert len(acme_board.all()) == 1


def test_an_invitation_can_be_withdrawn_while_seats_are_over(as_alice, allow, cast):
    as_alice.post(
        "/organizations/invitations/new/",
        {"addresses": "one@example.com", "role": "member"},
    )
    allow(members=4)
    with no_context(), tenant(cast.acme, cast.alice):
        assert note_over(acme_now(cast)) == ["members"]
        (waiting,) = entries(cast.acme, "invitation.sent")
    where = f"/organizations/invitations/{waiting.target_id}/revoke/"
    assert as_alice.post(where).status_code == 302
    assert as_alice.post("/organizations/invitations/link/", {}).status_code == 422
    assert acme_now(cast).over == []


# cap 54
def test_files_that_are_over_grow_no_more(as_bob, downgrade, shelf):
    send(as_bob, ("Beach.png", picture()))
    downgrade(storage_bytes=1)
    answer = send(as_bob, ("Beach.png", picture()))
    assert answer.status_code == 402
    assert "The plan has room for 1 byte of files" in answer.text
    assert as_bob.get("/gallery/").status_code == 200


def test_the_limits_page_says_what_is_over(as_bob, over):
    page = as_bob.get("/organizations/limits/").text
    assert OVER in page
    assert "3 of 2" in page


def test_while_nothing_is_over_nothing_is_asked(as_bob, acme_board, allow):
    allow(tasks=10)
    task = acme_board.add()
    seen = []

    def watching(call, statement, params, many, context):
        seen.append(statement)
        return call(statement, params, many, context)

    with connection.execute_wrapper(watching):
        as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    assert [one for one in seen if "limits_usage" in one] == []
