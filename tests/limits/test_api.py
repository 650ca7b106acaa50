"""What bills and limits close is closed to programs as well."""

import pytest

from organizations.limits.over import note_over
from organizations.tenancy import no_context, tenant
from tests.api_client import Program, code
from tests.limits.conftest import acme_now, set_acme
from tests.tasks.conftest import _names_forgotten, acme_board  # noqa: F401

READS = ("/tasks", "/labels", "/members", "/teams", "/invitations", "/images", "/audit")
WRITES = {
    "/tasks": {"title": "x"},
    "/labels": {"name": "x"},
    "/teams": {"name": "x"},
    "/invitations": {"email": "x@example.net"},
    "/tasks/bulk": {"tasks": [{"title": "x"}]},
}


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def over(cast):
    """Make the plan smaller than what is there."""

    def smaller(**limits):
        set_acme(cast, limits=limits)
        with no_context(), tenant(cast.acme, cast.alice):
            return note_over(acme_now(cast))

    return smaller


def test_unpaid_bills_leave_everything_to_be_read(api, cast):
    set_acme(cast, standing="read_only")
    assert {api.get(path).status_code for path in READS} == {200}
    refused = {code(api.post(path, body)) for path, body in WRITES.items()}
    assert refused == {(402, "payment_overdue")}


def test_bills_unpaid_for_long_close_everything(api, cast):
    set_acme(cast, standing="suspended")
    assert {code(api.get(path)) for path in READS} == {(402, "payment_overdue")}


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_every_method_that_changes_counts_as_one(api, cast, acme_board, method):
    path = f"/tasks/{acme_board.add().pk}"
    set_acme(cast, standing="read_only")
    answer = api.patch(path, {"priority": 1}) if method == "patch" else api.delete(path)
    assert code(answer) == (402, "payment_overdue")


def test_more_tasks_than_the_plan_has_are_read_only(api, acme_board, over):
    tasks = acme_board.add_many(3)
    assert over(tasks=2) == ["tasks"]
    path = f"/tasks/{tasks[0].pk}"
    assert code(api.patch(path, {"priority": 1})) == (402, "plan_limit")
    assert code(api.post("/labels", {"name": "x"})) == (402, "plan_limit")
    assert api.get(path).status_code == 200


def test_what_makes_less_opens_the_door_again(api, acme_board, over):
    tasks = acme_board.add_many(3)
    over(tasks=2)
    assert api.delete(f"/tasks/{tasks[0].pk}").status_code == 204
    assert api.patch(f"/tasks/{tasks[1].pk}", {"priority": 1}).status_code == 200


def test_a_change_can_be_undone_over_the_limit(api, acme_board, over):
    tasks = acme_board.add_many(3)
    body = {"ids": [str(one.pk) for one in tasks], "changes": {"priority": 5}}
    key = api.patch("/tasks/bulk", body).json()["change_set"]
    over(tasks=2)
    assert code(api.patch("/tasks/bulk", body)) == (402, "plan_limit")
    assert api.post(f"/change-sets/{key}/undo").json()["reverted"] == 3


def test_an_invitation_is_withdrawn_over_the_limit(api, over):
    made = api.post("/invitations", {"email": "x@example.net"}).json()
    assert over(members=2) == ["members"]
    path = f"/invitations/{made['id']}"
    again = api.post("/invitations", {"email": "y@example.net"})
    assert code(again) == code(api.post(f"{path}/resend")) == (402, "plan_limit")
    assert api.delete(path).status_code == 204


def test_who_is_invited_keeps_a_seat_from_programs(api, over):
    set_one = api.post("/invitations", {"email": "x@example.net"})
    assert set_one.status_code == 201
    over(members=5)
    full = api.post("/invitations", {"email": "y@example.net"})
    assert full.json()["limit"] == {"key": "members", "used": 5, "most": 5}
