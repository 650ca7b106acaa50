"""Who follows a task, and how that begins and ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import flows
from organizations.tenancy import no_context
from tasks.comments.models import TaskWatcher
from tests.comments.conftest import HTMX


def test_who_made_or_does_a_task_follows_it_without_a_row(cast, talk, acme_board):
    assert talk.watchers() == {"Alice"}
    with no_context(), talk.inside():
        talk.task.edit(by=cast.alice, assignees=[cast.bob.pk])
    assert talk.watchers() == {"Alice", "Bob"}
    assert talk.rows() == 0


def test_watching_is_said_shown_and_recorded_once(as_vera, talk):
    assert f"{talk.page}watch/" in as_vera.get(talk.page).text
    answer = as_vera.post(f"{talk.page}watch/")
    assert answer["Location"] == talk.page
    as_vera.post(f"{talk.page}watch/")
    assert talk.watchers() == {"Alice", "Vera"}
    assert talk.actions() == ["task.watched"]
    page = as_vera.get(talk.page).text
    assert f"{talk.page}unwatch/" in page
    assert "2 people" in page
    assert "task.watched" not in page


def test_stopping_is_said_and_recorded_once(as_alice, talk):
    as_alice.post(f"{talk.page}unwatch/")
    as_alice.post(f"{talk.page}unwatch/")
    assert talk.watchers() == set()
    assert talk.actions() == ["task.unwatched"]


def test_with_htmx_the_answer_is_the_property(as_vera, talk):
    answer = as_vera.post(f"{talk.page}watch/", **HTMX)
    assert answer.text.strip().startswith('<dd id="watchers"')
    assert "Stop watching" in answer.text


def test_whoever_comments_follows(as_bob, talk):
    as_bob.post(talk.new, {"body": "Fine."})
    assert talk.watchers() == {"Alice", "Bob"}


def test_stopping_holds_while_one_goes_on_talking(as_bob, talk):
    as_bob.post(talk.new, {"body": "Fine."})
    as_bob.post(f"{talk.page}unwatch/")
    as_bob.post(talk.new, {"body": "One more thing."})
    assert talk.watchers() == {"Alice"}


def test_a_mention_ends_the_silence(as_bob, as_alice, talk):
    as_bob.post(talk.new, {"body": "Fine."})
    as_bob.post(f"{talk.page}unwatch/")
    as_alice.post(talk.new, {"body": "@Bob Example?"})
    assert talk.watchers() == {"Alice", "Bob"}


def test_being_assigned_again_ends_the_silence(as_bob, cast, talk):
    with no_context(), talk.inside():
        talk.task.edit(by=cast.alice, assignees=[cast.bob.pk])
    as_bob.post(f"{talk.page}unwatch/")
    assert talk.watchers() == {"Alice"}
    with no_context(), talk.inside():
        # The test's one transaction has one time for all that the database dates.
        before = timezone.now() - timedelta(hours=1)
        TaskWatcher.objects.update(stopped_at=before)
        talk.task.edit(by=cast.alice, assignees=[])
        assert talk.watchers() == {"Alice"}
        talk.task.edit(by=cast.alice, assignees=[cast.bob.pk])
    assert talk.watchers() == {"Alice", "Bob"}


def test_who_made_a_task_and_stopped_stays_silent(as_alice, as_bob, talk):
    as_alice.post(f"{talk.page}unwatch/")
    as_bob.post(talk.new, {"body": "Anybody here?"})
    assert talk.watchers() == {"Bob"}


@pytest.mark.parametrize("verb", ["suspend_member", "remove_member"])
def test_who_is_shut_out_follows_nothing(verb, as_bob, cast, talk, inside_acme):
    as_bob.post(f"{talk.page}watch/")
    with no_context(), inside_acme():
        member = cast.acme.memberships.get(user=cast.bob)
        getattr(flows, verb)(membership=member, by=cast.alice)
    assert talk.watchers() == {"Alice"}
    assert talk.rows() == (1 if verb == "suspend_member" else 0)


@pytest.mark.parametrize("verb", ["watch", "unwatch"])
def test_a_foreign_task_is_missing(as_charlie, talk, verb):
    assert as_charlie.post(f"{talk.page}{verb}/").status_code == 404
    assert talk.rows() == 0
