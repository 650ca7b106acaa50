"""A muted task tells nothing but what is critical, and what is in the trash nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.notifications.models import Mute
from organizations.tenancy import no_context
from tests.notifications.conftest import HTMX, lines


@pytest.fixture
def task(told):
    return told.task()


def mutes(told):
    with no_context(), told.inside(told.cast.alice):
        return Mute.objects.count()


def test_muting_is_shown_recorded_and_done_once(told, task, as_alice):
    assert f"/tasks/{task.pk}/mute/" in as_alice.get(f"/tasks/{task.pk}/").text
    for _twice in range(2):
        answer = as_alice.post(f"/tasks/{task.pk}/mute/")
        assert answer["Location"] == f"/tasks/{task.pk}/"
    assert mutes(told) == 1
    page = as_alice.get(f"/tasks/{task.pk}/").text
    assert f"/tasks/{task.pk}/unmute/" in page
    assert "task.muted" not in page
    assert [entry.action for entry in told.actions("muted")] == ["task.muted"]


def test_unmuting_is_recorded_and_done_once(told, task, as_alice):
    as_alice.post(f"/tasks/{task.pk}/mute/")
    for _twice in range(2):
        as_alice.post(f"/tasks/{task.pk}/unmute/")
    assert mutes(told) == 0
    assert len(told.actions("task.unmuted")) == 1


def test_with_htmx_the_answer_is_the_property(task, as_alice):
    answer = as_alice.post(f"/tasks/{task.pk}/mute/", **HTMX)
    assert answer.text.strip().startswith('<dd id="watchers"')
    assert "Unmute" in answer.text


def test_a_muted_task_tells_nothing_not_even_mentions(told, task, as_alice, as_bob):
    as_alice.post(f"/tasks/{task.pk}/mute/")
    told.say(as_bob, task, "Look, @Alice Example")
    as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    told.run()
    assert told.rows(told.cast.alice) == []
    assert told.mails(told.cast.alice) == []


def test_muting_is_ones_own(told, task, as_adam, as_bob):
    as_adam.post(f"/tasks/{task.pk}/mute/")
    told.say(as_bob, task, "Look, @Alice Example and @Adam Example")
    assert told.kinds(told.cast.alice) == ["mention"]
    assert told.kinds(told.cast.adam) == []


def test_after_unmuting_news_comes_again(told, task, as_alice, as_bob):
    as_alice.post(f"/tasks/{task.pk}/mute/")
    as_alice.post(f"/tasks/{task.pk}/unmute/")
    told.mention(as_bob, task)
    assert told.kinds(told.cast.alice) == ["mention"]


def test_a_task_in_the_trash_hides_its_news_until_it_is_back(
    told, task, as_alice, as_bob
):
    told.mention(as_bob, task)
    as_bob.post(f"/tasks/{task.pk}/delete/")
    told.run()
    assert lines(as_alice.get("/inbox/").text) == []
    assert '"1 unread"' not in as_alice.get("/tasks/").text
    as_bob.post(f"/tasks/{task.pk}/restore/")
    told.run()
    assert len(lines(as_alice.get("/inbox/").text)) == 1


def test_a_removed_comment_takes_back_what_it_told(told, task, as_alice, as_bob):
    note = told.mention(as_bob, task)
    told.say(as_bob, task, "Something else")
    as_bob.post(f"/tasks/comments/{note.part_id}/delete/")
    told.run()
    page = as_alice.get("/inbox/").text
    assert "Look, " not in page
    assert "Something else" in page
    as_bob.post(f"/tasks/comments/{note.part_id}/restore/")
    told.run()
    assert "and 1 more" in as_alice.get("/inbox/").text


def test_what_is_gone_for_good_leaves_no_word_behind(
    told, task, as_bob, run_jobs, time_machine
):
    note = told.mention(as_bob, task)
    as_bob.post(f"/tasks/comments/{note.part_id}/delete/")
    told.run()
    time_machine.move_to(timezone.now() + timedelta(days=31))
    run_jobs(waiting=True)
    told.run()
    assert told.rows(told.cast.alice) == []
