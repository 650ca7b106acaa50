"""How removed comments end, and how long a task's story is told."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations import flows as organization_flows
from organizations.audit.models import AuditEntry
from organizations.models import RESTORABLE
from organizations.tenancy import no_context, tenant
from tasks.comments import flows
from tasks.comments.models import Comment, Mention, TaskWatcher
from tasks.comments.purging import purge
from tasks.comments.timeline import PAGE
from tasks.places import Place, read_place
from tests.comments.conftest import HTMX, where_is
from tests.conftest import join, make_user
from tests.personal.conftest import part

MOMENTS = st.datetimes(timezones=st.just(UTC))


def age(talk, comment, by=RESTORABLE):
    with no_context(), talk.inside():
        rows = Comment.with_trash.filter(pk=comment.pk)
        rows.update(deleted_at=timezone.now() - by)


def removed(talk):
    """Say something, take it back, and return it."""
    comment = talk.say("Forget it, @Bob Example.")
    with no_context(), talk.inside():
        flows.remove_comment(comment=comment, by=talk.board.owner)
    return comment


def there(talk):
    with no_context(), talk.inside():
        return Comment.with_trash.count()


def test_the_job_is_due_in_thirty_days_and_carries_ids_only(as_bob, cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    asked = timezone.now()
    as_bob.post(where_is(comment, "delete/"))
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="purge_comment")
    assert asked <= job.scheduled_at - RESTORABLE <= timezone.now()
    assert job.args["comment_id"] == str(comment.pk)
    assert job.args["carried"]["organization"] == str(cast.acme.pk)
    assert job.args["carried"]["user"] == str(cast.bob.pk)
    assert "Mine." not in str(job.args)


@pytest.mark.parametrize(("more", "gone"), [(-60, False), (0, True), (60, True)])
def test_thirty_days_are_thirty_days(talk, run_jobs, more, gone):
    comment = removed(talk)
    age(talk, comment, RESTORABLE + timedelta(seconds=more))
    assert run_jobs(waiting=True) == ["succeeded"]
    assert there(talk) == int(not gone)
    assert talk.actions().count("comment.purged") == int(gone)


def test_what_is_left_of_a_deleted_comment_is_that_it_was(
    as_adam, cast, talk, run_jobs
):
    comment = talk.say("Forget it, @Bob Example.")
    as_adam.post(where_is(comment, "delete/"))
    age(talk, comment)
    run_jobs(waiting=True)
    [entry] = talk.board.history(talk.task, "comment.purged")
    assert (entry.before, entry.after) == ({"comment": str(comment.pk)}, {})
    assert entry.actor_id == cast.adam.pk
    assert talk.count() == 0
    with no_context(), talk.inside():
        assert not Mention.objects.exists()
        told = AuditEntry.objects.values_list("before", "after")
        assert "Forget it" not in str(list(told))


def test_a_deleted_comment_is_a_missing_one(as_alice, talk, run_jobs):
    comment = removed(talk)
    age(talk, comment)
    run_jobs(waiting=True)
    for verb in ("edit/", "delete/", "restore/"):
        answer = as_alice.post(where_is(comment, verb), {"body": "x"})
        assert answer.status_code == 404
    assert talk.actions()[-1] == "comment.purged"


def test_a_comment_removed_twice_waits_for_its_second_time(as_alice, talk, run_jobs):
    comment = removed(talk)
    as_alice.post(where_is(comment, "restore/"))
    as_alice.post(where_is(comment, "delete/"))
    assert run_jobs(waiting=True) == ["succeeded", "succeeded"]
    assert there(talk) == 1
    as_alice.post(where_is(comment, "restore/"))
    assert (talk.count(), len(talk.bodies())) == (1, 1)


def test_two_jobs_of_one_comment_delete_it_once(as_alice, talk, run_jobs):
    comment = removed(talk)
    as_alice.post(where_is(comment, "restore/"))
    as_alice.post(where_is(comment, "delete/"))
    age(talk, comment)
    assert run_jobs(waiting=True) == ["succeeded", "succeeded"]
    assert talk.actions().count("comment.purged") == 1


def test_a_job_that_fails_changes_nothing_and_is_tried_again(talk, run_jobs):
    comment = removed(talk)
    age(talk, comment)

    def refuse(execute, sql, params, many, context):
        if 'DELETE FROM "comments_comment"' in sql:
            raise OSError("the line is cut")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert run_jobs(waiting=True) == ["todo"]
    assert there(talk) == 1
    assert "comment.purged" not in talk.actions()
    assert run_jobs(waiting=True) == ["succeeded"]
    assert there(talk) == 0
    assert talk.actions()[-1] == "comment.purged"


def test_the_job_reaches_its_own_organization_only(
    cast, talk, of_charlie, run_jobs, as_charlie
):
    ours, theirs = removed(talk), of_charlie.say("Theirs.")
    as_charlie.post(where_is(theirs, "delete/"))
    for each, comment in ((talk, ours), (of_charlie, theirs)):
        age(each, comment)
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not purge(str(ours.pk))
    assert (there(talk), there(of_charlie)) == (1, 1)
    assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert (there(talk), there(of_charlie)) == (0, 0)
    for each in (talk, of_charlie):
        assert each.actions().count("comment.purged") == 1


@pytest.mark.parametrize("gone", [False, True])
def test_a_task_that_went_first_is_no_hindrance(as_alice, talk, run_jobs, gone):
    comment = removed(talk)
    age(talk, comment)
    as_alice.post(f"{talk.page}delete/")
    if gone:
        with no_context(), talk.inside():
            type(talk.task).with_trash.filter(pk=talk.task.pk).delete()
    assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert there(talk) == 0
    assert talk.actions().count("comment.purged") == int(not gone)


def test_a_removal_that_is_not_kept_leaves_no_job(talk):
    comment = talk.say("Keep it.")

    def refuse(execute, sql, params, many, context):
        if 'INSERT INTO "audit_' in sql:
            raise OSError("no entry can be written")
        return execute(sql, params, many, context)

    with no_context(), talk.inside():
        with connection.execute_wrapper(refuse), pytest.raises(OSError, match="entry"):
            flows.remove_comment(comment=comment, by=talk.board.owner)
        found = ProcrastinateJob.objects.filter(args__comment_id=str(comment.pk))
        assert not found.exists()
    assert (talk.bodies(), talk.count()) == (["Keep it."], 1)


def test_a_copy_holds_what_was_taken_back_and_no_longer_followed(
    bob, cast, talk, copy_of, run_jobs
):
    comment = talk.say("Taken back.", by=cast.bob)
    bob.post(where_is(comment, "edit/"), {"body": "Mended, taken back."})
    bob.post(where_is(comment, "delete/"))
    bob.post(f"{talk.page}unwatch/")
    run_jobs(waiting=True)
    copy = copy_of(bob)
    [said] = part(copy, "organizations/acme/comments.json")
    assert said["body"] == "Mended, taken back."
    assert said["deleted_at"] is not None
    assert said["edited_at"] is not None
    [followed] = part(copy, "organizations/acme/watched-tasks.json")
    assert followed["stopped_at"] is not None


def fill(talk, count):
    with no_context(), talk.inside():
        Comment.objects.bulk_create(
            Comment(
                task=talk.task,
                author=talk.board.owner,
                body=f"Said {number}.",
                sent_as=uuid.uuid4(),
            )
            for number in range(count)
        )


@pytest.mark.parametrize(("count", "more"), [(PAGE - 1, False), (PAGE, True)])
def test_a_story_is_cut_when_it_is_longer_than_a_page(as_vera, talk, count, more):
    # The task's beginning is told too.
    fill(talk, count)
    page = as_vera.get(f"{talk.page}comments/", **HTMX).text
    assert page.count("<p>Said ") == count
    assert ("Show earlier" in page) is more
    assert ("created this" in page) is not more


@pytest.mark.parametrize(
    ("moment", "shown"),
    [("-62135596800000000", 0), ("0", 0), ("253402300799999999", 3), ("9" * 30, 3)],
)
def test_a_place_before_or_after_all_time_is_a_place(as_vera, talk, moment, shown):
    fill(talk, 3)
    before = f"{moment}_{uuid.UUID(int=2**128 - 1)}"
    answer = as_vera.get(f"{talk.page}comments/", {"before": before}, **HTMX)
    assert answer.status_code == 200
    assert answer.text.count("<p>Said ") == shown


@given(at=MOMENTS, key=st.uuids())
def test_a_place_is_read_as_it_was_written(at, key):
    assert read_place(str(Place(at, key))) == Place(at, key)


@given(text=st.text(max_size=60))
def test_what_is_no_place_is_none(text):
    place = read_place(text)
    assert place is None or isinstance(place.at, datetime)


def test_mended_words_say_so_and_others_do_not(as_vera, cast, talk):
    comment = talk.say("Ten.", by=cast.bob)
    assert ">edited</time>" not in as_vera.get(talk.page).text
    with no_context(), talk.inside():
        flows.edit_comment(comment=comment, by=cast.bob, body="Eleven.")
    assert ">edited</time>" in as_vera.get(talk.page).text


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_the_page_says_how_many_follow_and_shows_five(as_vera, cast, talk, count):
    people = [make_user(f"reader{number}") for number in range(count)]
    for person in people:
        join(cast.acme, person, "viewer")
    with no_context(), talk.inside():
        flows.unwatch(task=talk.task, by=cast.alice)
        TaskWatcher.objects.bulk_create(
            TaskWatcher(task=talk.task, user=person) for person in people
        )
    part_of = as_vera.post(f"{talk.page}unwatch/", **HTMX).text
    words = " ".join(part_of.split())
    assert f"{count} {'person' if count == 1 else 'people'}" in words
    assert sum(f"Reader{number}" in words for number in range(count)) == min(count, 5)
    assert talk.actions() == ["task.unwatched"]


@pytest.mark.parametrize("verb", ["watch", "unwatch"])
def test_a_task_in_the_trash_is_not_followed(as_alice, talk, verb):
    as_alice.post(f"{talk.page}delete/")
    assert as_alice.post(f"{talk.page}{verb}/").status_code == 404
    assert talk.rows() == 0


def test_who_comes_back_from_a_suspension_follows_as_before(as_bob, cast, talk):
    as_bob.post(f"{talk.page}watch/")
    with no_context(), talk.inside():
        member = cast.acme.memberships.get(user=cast.bob)
        organization_flows.suspend_member(membership=member, by=cast.alice)
        organization_flows.unsuspend_member(membership=member, by=cast.alice)
    assert talk.watchers() == {"Alice", "Bob"}
    assert talk.actions() == ["task.watched"]
