"""Where a plan ends, programs are told by every endpoint that makes something."""

import threading

import pytest
from django.db import connection

from organizations.api.models import ApiKey
from organizations.limits.over import note_over
from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.api_client import Program, code
from tests.gallery.test_api import send
from tests.history import entries
from tests.limits.conftest import acme_now, set_acme, used_of
from tests.pictures.conftest import picture

PAID = "payment_overdue"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def full(api, allow, used):
    """Return a call that lets the plan end with what is there now."""

    def limit(key):
        allow(**{key: used(key)})

    return limit


def limit_of(answer):
    assert code(answer) == (402, "plan_limit"), answer.content
    return answer.json()["limit"]


def make(api, title="Tyres"):
    return api.post("/tasks", {"title": title}).json()["id"]


def titles(cast):
    with no_context(), tenant(cast.acme):
        return sorted(Task.objects.values_list("title", flat=True))


def test_a_task_and_many_tasks_need_room(api, cast, full):
    make(api)
    full("tasks")
    told = {"key": "tasks", "used": 1, "most": 1}
    assert limit_of(api.post("/tasks", {"title": "Rims"})) == told
    many = {"tasks": [{"title": "Rims"}, {"title": "Bolts"}]}
    assert limit_of(api.post("/tasks/bulk", many)) == told
    assert titles(cast) == ["Tyres"]
    assert used_of(cast.acme) == 1


def test_of_many_tasks_none_is_made_when_some_would_fit(api, cast, allow):
    allow(tasks=3)
    make(api)
    many = {"tasks": [{"title": str(number)} for number in range(3)]}
    assert limit_of(api.post("/tasks/bulk", many))["most"] == 3
    assert titles(cast) == ["Tyres"]
    assert api.post("/tasks/bulk", {"tasks": many["tasks"][:2]}).status_code == 201
    assert used_of(cast.acme) == 3


@pytest.mark.parametrize("how", ["one", "many", "undo"])
def test_what_comes_back_from_the_trash_needs_room(api, cast, allow, how):
    allow(tasks=1)
    key = make(api)
    gone = api.post("/tasks/bulk-remove", {"ids": [key]}).json()["change_set"]
    make(api, "Rims")
    path, body = {
        "one": (f"/tasks/{key}/restore", {}),
        "many": ("/tasks/bulk-restore", {"ids": [key]}),
        "undo": (f"/change-sets/{gone}/undo", {}),
    }[how]
    assert limit_of(api.post(path, body)) == {"key": "tasks", "used": 1, "most": 1}
    assert titles(cast) == ["Rims"]


def test_a_task_in_the_trash_leaves_its_room_to_another(api, cast, allow):
    allow(tasks=1)
    api.delete(f"/tasks/{make(api)}")
    assert api.post("/tasks", {"title": "Rims"}).status_code == 201
    assert used_of(cast.acme) == 1


def test_a_picture_needs_room_and_is_forgotten_without(api, cast, full, used):
    assert send(api).status_code == 201
    full("storage_bytes")
    before = used("storage_bytes")
    answer = send(api, picture(size=(40, 40)), "other.png")
    assert limit_of(answer)["key"] == "storage_bytes"
    assert used("storage_bytes") == before
    assert len(entries(cast.acme, "image.uploaded")) == 1
    assert len(api.get("/images").json()["items"]) == 1


def test_over_its_room_an_organization_can_still_make_less(api, cast, allow):
    where = f"/images/{send(api).json()['id']}"
    allow(storage_bytes=1)
    with no_context(), tenant(cast.acme, cast.alice):
        assert note_over(acme_now(cast)) == ["storage_bytes"]
    assert code(send(api, name="other.png")) == (402, "plan_limit")
    assert api.get(f"{where}/content").status_code == 200
    assert api.post("/tasks", {"title": "Tyres"}).status_code == 201
    assert api.delete(where).status_code == 204


def test_who_is_shut_out_keeps_the_seat_and_comes_back_to_it(api, cast, allow):
    places = api.every("/members")
    vera = next(one for one in places if one["email"] == cast.vera.email)
    api.post(f"/members/{vera['id']}/suspend")
    allow(members=4)
    told = {"key": "members", "used": 4, "most": 4}
    assert limit_of(api.post("/invitations", {"email": "x@example.net"})) == told
    assert api.post(f"/members/{vera['id']}/resume").status_code == 200
    assert api.delete(f"/members/{vera['id']}").status_code == 204
    invited = api.post("/invitations", {"email": "x@example.net"})
    assert invited.status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tasks", {"title": "x"}),
        ("/tasks/bulk", {"tasks": [{"title": "x"}]}),
        ("/tasks/bulk-restore", {"ids": []}),
        ("/labels", {"name": "x"}),
        ("/teams", {"name": "x"}),
        ("/invitations", {"email": "x@example.net"}),
    ],
)
@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_unpaid_bills_close_what_makes_something(api, cast, standing, path, body):
    before = len(entries(cast.acme))
    set_acme(cast, standing=standing)
    assert code(api.post(path, body)) == (402, PAID)
    assert len(entries(cast.acme)) == before


def test_unpaid_bills_close_uploads(api, cast):
    set_acme(cast, standing="read_only")
    assert code(send(api)) == (402, PAID)
    assert api.get("/images").json()["items"] == []


def test_a_key_without_the_scope_is_told_of_that_and_not_of_bills(cast):
    set_acme(cast, standing="suspended")
    reader = Program(cast.acme, cast.alice, "tasks.view")
    assert code(reader.post("/tasks", {"title": "x"})) == (403, "scope_missing")
    assert code(reader.get("/tasks")) == (402, PAID)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_to_one_of_many_at_once(cast):
    set_acme(cast, limits={"tasks": 2})
    api, gate, statuses = Program(cast.acme, cast.alice), threading.Barrier(4), []

    def ask(number):
        gate.wait()
        answer = api.client.post(
            "/api/v1/tasks",
            {"title": f"Task {number}"},
            content_type="application/json",
            headers=api.headers,
        )
        statuses.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 201, 402, 402]
    assert len(titles(cast)) == used_of(cast.acme) == 2
    with no_context(), tenant(cast.acme):
        assert ApiKey.objects.count() == 1
