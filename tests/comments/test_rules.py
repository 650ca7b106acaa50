"""What the database itself refuses, and what other rooms see of a talk."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context
from tasks.comments import flows
from tasks.comments.models import Comment, Mention, TaskWatcher
from tasks.flows import create_task
from tests.conftest import join, make_user


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_an_empty_comment_is_refused_by_the_table(cast, talk):
    with no_context(), talk.inside():
        refused(
            lambda: Comment.objects.create(
                task=talk.task, author=cast.bob, body="", sent_as=uuid.uuid4()
            )
        )


def test_one_form_is_one_row_however_it_is_written(cast, talk):
    said = {"author": cast.bob, "sent_as": uuid.uuid4(), "body": "Once."}
    with no_context(), talk.inside():
        Comment.objects.create(task=talk.task, **said)
        refused(lambda: Comment.objects.create(task=talk.task, **said))


def test_a_comment_cannot_stand_at_a_task_of_others(cast, talk, of_charlie):
    with no_context(), talk.inside():
        refused(
            lambda: Comment.objects.create(
                task_id=of_charlie.task.pk,
                author=cast.bob,
                body="Hello there.",
                sent_as=uuid.uuid4(),
            )
        )


@pytest.mark.parametrize("name", ["charlie", "nora", "olga"])
def test_only_members_are_mentioned_or_follow(cast, talk, name):
    comment, stranger = talk.say("Hello."), getattr(cast, name)
    with no_context(), talk.inside():
        refused(
            lambda: Mention.objects.create(comment=comment, user=stranger, name="x")
        )
        refused(lambda: TaskWatcher.objects.create(task=talk.task, user=stranger))


def test_nobody_is_mentioned_twice_in_one_comment(cast, talk):
    comment = talk.say("@Bob Example and @Bob Example again")
    with no_context(), talk.inside():
        assert Mention.objects.filter(comment=comment).count() == 1
        refused(
            lambda: Mention.objects.create(comment=comment, user=cast.bob, name="Bob")
        )


def test_making_a_task_writes_nothing_for_those_who_follow_it(cast, talk):
    with no_context(), talk.inside():
        create_task(by=cast.alice, title="Another", assignees=[cast.bob, cast.vera])
        assert not TaskWatcher.objects.exists()


def test_a_comment_leaves_the_task_itself_as_it_was(as_bob, cast, talk):
    before = talk.board.now(talk.task)
    as_bob.post(talk.new, {"body": "Fine."})
    after = talk.board.now(talk.task)
    for field in ("title", "status", "number", "completed_at", "created_at"):
        assert getattr(after, field) == getattr(before, field)
    assert after.comment_count == 1


def test_what_is_mentioned_costs_the_same_for_one_and_for_many(
    as_bob, cast, talk, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as one:
        as_bob.post(talk.new, {"body": "@Vera Example"})
    with django_assert_max_num_queries(40) as many:
        as_bob.post(
            talk.new,
            {"body": "@Vera Example @Adam Example @Alice Example @Bob Example"},
        )
    assert len(many) <= len(one)


def test_a_text_without_a_name_asks_nobody_who_is_there(as_bob, talk):
    statements = []

    def listen(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        as_bob.post(talk.new, {"body": "Nobody in here."})
    assert not any("UPPER" in sql and "accounts_user" in sql for sql in statements)


def test_the_audit_log_shows_what_was_said_and_done(as_alice, as_bob, cast, talk):
    comment = talk.say("Ten.", by=cast.bob)
    as_bob.post(f"/tasks/comments/{comment.pk}/edit/", {"body": "Eleven."})
    address = f"/audit/?type=tasks.task&object={talk.task.pk}"
    page = as_alice.get(address).text
    for words in ("comment.written", "comment.edited", "Ten.", "Eleven."):
        assert words in page


def test_who_may_not_read_the_log_reads_the_talk_all_the_same(as_vera, talk):
    talk.say("For everybody.")
    assert as_vera.get(f"/audit/?object={talk.task.pk}").status_code == 403
    assert "For everybody." in as_vera.get(talk.page).text


def test_every_entry_names_the_task_it_is_about(as_bob, talk):
    as_bob.post(talk.new, {"body": "Fine."})
    with no_context(), talk.inside():
        entry = AuditEntry.objects.get(action="comment.written")
    assert entry.target_type == "tasks.task"
    assert entry.target_id == str(talk.task.pk)
    assert entry.target_label == talk.task.title


def test_only_who_belongs_is_offered_and_at_once(as_bob, cast, talk):
    zora = make_user("zora")
    address = f"{talk.page}comments/people/?q=zo"
    assert "Zora" not in as_bob.get(address).text
    join(cast.acme, zora, "viewer")
    assert "Zora Example" in as_bob.get(address).text


def test_faces_are_few_and_the_number_is_whole(as_bob, cast, talk):
    for number in range(6):
        person = make_user(f"watcher{number}")
        join(cast.acme, person, "member")
        with no_context(), talk.inside():
            flows.watch(task=talk.task, by=person)
    part = as_bob.get(talk.page).text.split('id="watchers"')[1].split("</dd>")[0]
    assert "7 people" in part
    assert part.count('class="avatar') - part.count('class="avatars') == 5
