"""Two people, or one person twice, at the same comment in the same moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from organizations.audit.models import AuditEntry
from organizations.models import Membership
from organizations.tenancy import no_context
from tasks.comments import flows
from tasks.comments.models import Comment, Mention, TaskWatcher
from tests.comments.conftest import Talk, where_is
from tests.tasks.conftest import Board


@pytest.fixture
def shared(cast):
    """A talk that other connections see."""
    board = Board(cast.acme, cast.alice)
    return Talk(board, board.add("Order the winter tyres"))


def at_once(clients, path, bodies):
    """Send a form from several browsers in one moment; return the answers' statuses."""

    def send(pair):
        client, body = pair
        try:
            return client.post(path, body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, zip(clients, bodies, strict=True)))


def browsers(sign_in, cast, person, count=4):
    return [sign_in(person, cast.acme) for _number in range(count)]


def test_who_mends_what_was_just_removed_changes_nothing(cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    with no_context(), talk.inside():
        early = Comment.objects.get(pk=comment.pk)
        assert flows.remove_comment(comment=comment, by=cast.alice)
        assert not flows.edit_comment(comment=early, by=cast.bob, body="Too late.")
    now = talk.now(comment)
    assert (now.body, now.edited_at) == ("Mine.", None)
    assert talk.actions() == ["comment.written", "comment.removed"]


def test_who_brings_back_what_was_deleted_for_good_does_nothing(cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    with no_context(), talk.inside():
        Comment.with_trash.filter(pk=comment.pk).delete()
        assert not flows.restore_comment(comment=comment, by=cast.bob)
        assert not flows.remove_comment(comment=comment, by=cast.bob)
    assert talk.actions() == ["comment.written"]


def test_an_edit_is_told_from_what_stood_there_last(cast, talk):
    comment = talk.say("One.", by=cast.bob)
    with no_context(), talk.inside():
        early = Comment.objects.get(pk=comment.pk)
        flows.edit_comment(comment=comment, by=cast.bob, body="Two.")
        flows.edit_comment(comment=early, by=cast.bob, body="Three.")
    first, second = talk.board.history(talk.task, "comment.edited")
    assert (first.before["text"], first.after["text"]) == ("One.", "Two.")
    assert (second.before["text"], second.after["text"]) == ("Two.", "Three.")


@pytest.mark.django_db(transaction=True)
def test_one_comment_removed_at_once_is_removed_once(cast, sign_in, shared):
    comment = shared.say("Mine.", by=cast.bob)
    clients = browsers(sign_in, cast, cast.bob)
    path = where_is(comment, "delete/")
    assert at_once(clients, path, [{}] * 4) == [302] * 4
    assert (shared.all(), shared.count()) == ([], 0)
    assert shared.actions() == ["comment.written", "comment.removed"]


@pytest.mark.django_db(transaction=True)
def test_many_comments_at_once_are_all_counted(cast, sign_in, shared):
    clients = browsers(sign_in, cast, cast.bob)
    bodies = [
        {"body": f"@Vera Example, {number}.", "sent_as": str(uuid.uuid4())}
        for number in range(4)
    ]
    assert at_once(clients, shared.new, bodies) == [302] * 4
    assert sorted(shared.bodies()) == [each["body"] for each in bodies]
    assert shared.count() == 4
    with no_context(), shared.inside():
        assert Mention.objects.count() == 4
        assert TaskWatcher.objects.count() == 2
        written = AuditEntry.objects.filter(action="comment.written")
        assert written.count() == 4
    assert shared.watchers() == {"Alice", "Bob", "Vera"}


@pytest.mark.django_db(transaction=True)
def test_edits_at_once_leave_one_text_and_its_own_mentions(cast, sign_in, shared):
    comment = shared.say("@Alice Example", by=cast.bob)
    clients = browsers(sign_in, cast, cast.bob, 2)
    bodies = [{"body": "@Vera Example"}, {"body": "@Adam Example"}]
    path = where_is(comment, "edit/")
    assert at_once(clients, path, bodies) == [302] * 2
    [body] = shared.bodies()
    named = {"@Vera Example": cast.vera.pk, "@Adam Example": cast.adam.pk}
    assert shared.mentioned() == {named[body]}
    edits = shared.board.history(shared.task, "comment.edited")
    told = [(one.before["text"], one.after["text"]) for one in edits]
    assert len(told) == 2
    assert {after for _before, after in told} == set(named)
    assert "@Alice Example" in {before for before, _after in told}


@pytest.mark.django_db(transaction=True)
def test_following_at_once_is_one_row(cast, sign_in, shared):
    clients = browsers(sign_in, cast, cast.vera)
    path = f"{shared.page}watch/"
    assert at_once(clients, path, [{}] * 4) == [302] * 4
    assert shared.rows() == 1
    assert shared.watchers() == {"Alice", "Vera"}


def test_who_leaves_while_being_mentioned_is_mentioned_nowhere(as_bob, cast, talk):
    leaving = [cast.vera]

    def execute(call, sql, params, many, context):
        if "organizations_membership" in sql and "FOR NO KEY" in sql and leaving:
            Membership.objects.filter(user=leaving.pop()).delete()
        return call(sql, params, many, context)

    body = "@Vera Example and @Alice Example, look"
    with connection.execute_wrapper(execute):
        answer = as_bob.post(talk.new, {"body": body})
    assert answer.status_code == 302
    assert talk.bodies() == [body]
    assert talk.mentioned() == {cast.alice.pk}
