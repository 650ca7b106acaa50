"""What a program did, where people and staff look at it."""

import csv
import io

import pytest

from organizations.tenancy import no_context, tenant
from tasks.comments.watching import followers
from tasks.flows import create_task
from tasks.models import Task
from tests.api_client import Program
from tests.operator.conftest import CONSOLE, address


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def made(api):
    return api.post("/tasks", {"title": "Order tyres"}).json()


def test_a_list_shows_what_a_program_made(made, as_vera):
    assert "Order tyres" in as_vera.get("/tasks/").text
    assert "Order tyres" in as_vera.get("/tasks/board/").text


def test_without_a_name_it_is_called_a_program(cast, as_alice):
    with no_context(), tenant(cast.acme):
        task = create_task(by=None, title="Order tyres")
    assert "Created by A program on" in as_alice.get(f"/tasks/{task.pk}/").text


def test_an_export_names_nobody_who_made_it(made, as_alice):
    answer = as_alice.post("/tasks/export/", {"format": "csv"})
    text = b"".join(answer.streaming_content).decode()
    [line] = csv.DictReader(io.StringIO(text, newline=""))
    assert (line["title"], line["created_by"]) == ("Order tyres", "")


def test_nobody_follows_it_until_somebody_says_so(api, cast, made, as_bob):
    with no_context(), tenant(cast.acme):
        task = Task.objects.get(pk=made["id"])
        assert followers(task) == set()
    api.patch(f"/tasks/{made['id']}", {"assignees": [str(cast.vera.pk)]})
    as_bob.post(f"/tasks/{made['id']}/comments/new/", {"body": "Mine."})
    with no_context(), tenant(cast.acme):
        assert followers(task) == {cast.bob.pk, cast.vera.pk}


def test_people_change_what_a_program_made(made, api, as_bob):
    as_bob.post(f"/tasks/{made['id']}/status/", {"status": "done"})
    assert api.get(f"/tasks/{made['id']}").json()["status"] == "done"
    assert api.last() == ("task.moved", "user", "Bob Example")


def test_what_a_program_deleted_comes_back_by_a_person(api, made, as_alice):
    api.delete(f"/tasks/{made['id']}")
    trash = as_alice.get("/tasks/trash/").text
    assert "Order tyres" in trash
    assert str(api.key) in trash
    as_alice.post(f"/tasks/{made['id']}/restore/")
    assert api.get(f"/tasks/{made['id']}").status_code == 200
    assert "Undone" in as_alice.get("/tasks/changes/").text


def test_what_a_person_deleted_comes_back_by_a_program(api, made, as_alice):
    as_alice.post(f"/tasks/{made['id']}/delete/")
    restored = api.post(f"/tasks/{made['id']}/restore")
    assert restored.status_code == 200
    assert "Undone" in as_alice.get("/tasks/changes/").text


def test_the_log_shows_a_program_beside_people(api, made, as_alice):
    page = as_alice.get("/audit/").text
    assert str(api.key) in page
    assert "task.created" in page


def test_a_key_that_is_renamed_leaves_history_as_it_was(api, cast, made, as_alice):
    before = str(api.key)
    with no_context(), tenant(cast.acme):
        api.key.name = "Warehouse"
        api.key.save(update_fields=["name"])
    assert f"Created by {before} on" in as_alice.get(f"/tasks/{made['id']}/").text


@CONSOLE
def test_staff_see_a_task_of_a_program(made, as_olga):
    assert "Order tyres" in as_olga.get(address(Task, "changelist")).text
    page = as_olga.get(address(Task, "change", made["id"]))
    assert page.status_code == 200
