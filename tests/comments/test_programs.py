"""What a program said, where people and staff look at it."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from organizations.notifications.models import Notification
from organizations.tenancy import no_context, tenant
from tasks.comments.flows import write_comment
from tasks.comments.models import Comment
from tests.api_client import Program
from tests.operator.conftest import CONSOLE, address


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def say(api, talk):
    def said(body="Shipped."):
        return api.post(f"/tasks/{talk.task.pk}/comments", {"body": body}).json()

    return said


def test_somebody_said_it_or_some_program(talk):
    with no_context(), talk.inside(), pytest.raises(IntegrityError):
        with transaction.atomic():
            Comment.objects.create(task=talk.task, body="?", sent_as=uuid.uuid4())


def test_without_a_name_it_is_called_a_program(cast, talk, as_bob):
    with no_context(), tenant(cast.acme):
        write_comment(task=talk.task, by=None, body="Hello.", sent_as=uuid.uuid4())
    assert '<b class="medium">A program</b>' in as_bob.get(talk.page).text


def test_nobody_can_edit_what_a_program_said(talk, say, as_bob, as_alice):
    said = say()
    for client in (as_bob, as_alice):
        client.post(f"/tasks/comments/{said['id']}/edit/", {"body": "Other words."})
        assert f"/tasks/comments/{said['id']}/edit/" not in client.get(talk.page).text
    assert talk.bodies() == ["Shipped."]


def test_whoever_may_delete_removes_what_a_program_said(talk, say, as_bob, api):
    said = say()
    as_bob.post(f"/tasks/comments/{said['id']}/delete/")
    assert talk.bodies() == []
    as_bob.post(f"/tasks/comments/{said['id']}/restore/")
    assert talk.bodies() == ["Shipped."]


def test_two_keys_speak_beside_each_other(cast, talk, say, api):
    say("One.")
    other = Program(cast.acme, cast.alice)
    other.post(f"/tasks/{talk.task.pk}/comments", {"body": "Two."})
    assert {one.author_name for one in talk.all()} == {str(api.key), str(other.key)}
    assert talk.count() == 2


def test_whom_a_program_names_is_told_by_its_name(cast, say, api, as_bob, run_jobs):
    say("Look, @Bob Example")
    run_jobs()
    with no_context(), tenant(cast.acme, cast.bob):
        (row,) = Notification.objects.all()
    assert (row.actor_id, row.actor_name) == (None, str(api.key))
    assert str(api.key) in as_bob.get("/inbox/").text


def test_a_search_finds_what_a_program_said(say, as_vera):
    say("Thermoplastic")
    assert "Order the winter tyres" in as_vera.get("/tasks/?q=thermoplastic").text


@CONSOLE
def test_staff_see_a_comment_of_a_program(say, as_olga):
    said = say()
    assert "Shipped." in as_olga.get(address(Comment, "changelist")).text
    page = as_olga.get(address(Comment, "change", said["id"]))
    assert page.status_code == 200
