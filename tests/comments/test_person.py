"""What is kept about a person who talks: their copy, and being forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from config.operator.leftovers import leftovers
from organizations.tenancy import no_context, tenant
from tasks.attachments.models import Attachment
from tasks.comments.models import Comment, Mention, TaskWatcher
from tasks.comments.purging import purge
from tests.attachments.conftest import uploads
from tests.comments.conftest import Talk, where_is
from tests.operator.conftest import CONSOLE
from tests.personal.conftest import part
from tests.personal.test_erasure import PAGE, TYPED
from tests.personal.test_user_erase import erase
from tests.tasks.conftest import Board


def test_a_copy_holds_what_one_said_watched_and_attached(
    bob,
    cast,
    talk,
    copy_of,
):
    talk.say("Not his.", by=cast.alice)
    bob.post(talk.new, {"body": "His own."})
    bob.post(f"{talk.page}files/new/", uploads())
    copy = copy_of(bob)
    [said] = part(copy, "organizations/acme/comments.json")
    assert (said["body"], said["task_number"]) == ("His own.", 1)
    [watched] = part(copy, "organizations/acme/watched-tasks.json")
    assert (watched["task_number"], watched["stopped_at"]) == (1, None)
    [file] = part(copy, "organizations/acme/attachments.json")
    assert (file["task_number"], file["name"], file["size"]) == (1, "plan.txt", 9)


def test_an_erased_person_is_named_only_in_words_of_others(
    bob,
    as_alice,
    cast,
    talk,
):
    as_alice.post(talk.new, {"body": "Thanks, @Bob Example."})
    bob.post(talk.new, {"body": "You are welcome."})
    bob.post(PAGE, TYPED)
    assert talk.mentioned() == set()
    assert talk.watchers() == {"Alice"}
    page = as_alice.get(talk.page).text
    assert "Former member" in page
    assert "You are welcome." in page
    assert "Thanks, @Bob Example." in page
    assert page.count("Bob Example") == 1


@CONSOLE
def test_the_search_for_leftovers_finds_nothing_of_who_only_talked(cast, capsys):
    board = Board(cast.acme, cast.alice)
    talk = Talk(board, board.add("Order the winter tyres"))
    talk.say("You are welcome.", by=cast.bob)
    talk.say("Thanks, @Vera Example.", by=cast.bob)
    erase("bob@example.com", "--verify")
    assert "Nothing else names them." in capsys.readouterr().out
    with no_context():
        found, _closed = leftovers(["Vera Example"])
    places = {f"{one.table}.{one.column}" for one in found}
    assert {"comments_comment.body", "comments_mention.name"} <= places


def test_what_was_removed_is_deleted_after_thirty_days(as_alice, cast, talk, run_jobs):
    comment = talk.say("@Bob Example, forget it.")
    as_alice.post(where_is(comment, "delete/"))
    assert run_jobs() == ["todo"]
    assert run_jobs(waiting=True) == ["succeeded"]
    assert talk.now(comment).deleted_at is not None
    with no_context(), talk.inside():
        assert not purge(str(comment.pk))
        Comment.with_trash.update(deleted_at=timezone.now() - timedelta(days=31))
        assert purge(str(comment.pk))
        assert not purge(str(comment.pk))
        assert not Comment.with_trash.exists()
        assert not Mention.objects.exists()
        assert TaskWatcher.objects.exists()
    assert talk.actions()[-1] == "comment.purged"
    assert "comment.purged" not in as_alice.get(talk.page).text


def test_what_was_brought_back_stays(as_alice, talk):
    comment = talk.say("Keep it.")
    as_alice.post(where_is(comment, "delete/"))
    as_alice.post(where_is(comment, "restore/"))
    with no_context(), talk.inside():
        assert not purge(str(comment.pk))
    assert talk.bodies() == ["Keep it."]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_is_one_comment(cast, sign_in):
    board = Board(cast.acme, cast.alice)
    talk = Talk(board, board.add("Order the winter tyres"))
    body = {"body": "Once.", "sent_as": "4d3c1f7e-0000-4000-8000-000000000001"}

    def send(client):
        try:
            return client.post(talk.new, body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        clients = [sign_in(cast.bob, cast.acme) for _number in range(4)]
        assert list(pool.map(send, clients)) == [302] * 4
    assert talk.bodies() == ["Once."]
    assert talk.count() == 1
    assert talk.actions() == ["comment.written"]


def test_rows_of_another_organization_are_out_of_reach(cast, talk, of_charlie):
    talk.say("Ours, @Bob Example.")
    of_charlie.say("Theirs.")
    with no_context(), tenant(cast.globex, cast.charlie):
        assert [one.body for one in Comment.with_trash.all()] == ["Theirs."]
        assert not Mention.objects.exists()
        assert not Attachment.with_trash.exists()
