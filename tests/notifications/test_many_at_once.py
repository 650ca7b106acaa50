"""Much that is done at once: one sentence each, to whom it concerns, and no flood."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.events.models import ReaderPlace
from organizations.events.reading import read_all
from organizations.notifications.models import Notification
from organizations.tenancy import no_context
from tests.api_client import Program
from tests.changesets.conftest import acme_board, kept  # noqa: F401
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.imports.conftest import Journey
from tests.imports.conftest import kept as kept_import  # noqa: F401
from tests.notifications.conftest import lines


@pytest.fixture
def tasks(told, acme_board):
    """Make so many tasks of Alice's, of which everybody has been told."""

    def make(number, **values):
        made = acme_board.add_many(number, **values)
        told.run()
        return made

    return make


def give(client, made, *people):
    return client.post(EDIT, picked(*made, assignee=[str(one.pk) for one in people]))


def test_two_hundred_tasks_given_at_once_are_one_line_and_one_mail(
    told, cast, as_alice, as_bob, tasks
):
    give(as_alice, tasks(200), cast.bob)
    told.run()
    (note,) = told.rows(cast.bob)
    assert (note.kind, note.values["count"]) == ("assignment", 200)
    (letter,) = told.mails(cast.bob)
    assert letter.subject == "Alice Example assigned you 200 tasks"
    assert as_bob.get(f"/inbox/{note.pk}/")["Location"] == "/tasks/mine/"


def test_more_than_is_read_at_once_is_still_one_line_and_one_mail(
    told, cast, as_alice, as_bob, tasks
):
    give(as_alice, tasks(203), cast.bob)
    told.run()
    assert len(told.rows(cast.bob)) == len(told.mails(cast.bob)) == 1
    assert "assigned you 203 tasks" in as_bob.get("/inbox/").text


def test_reading_the_events_of_many_again_counts_none_twice(
    told, cast, as_alice, tasks
):
    give(as_alice, tasks(203), cast.bob)
    told.run()
    with no_context(), told.inside():
        ReaderPlace.objects.filter(reader="notifications").update(sequence=0)
        assert read_all() == []
    told.run()
    assert [row.values["count"] for row in told.rows(cast.bob)] == [203]
    assert len(told.mails(cast.bob)) == 1


@pytest.mark.parametrize(("number", "rows"), [(5, 5), (6, 1)])
def test_a_handful_is_told_one_by_one(number, rows, told, cast, as_alice, tasks):
    give(as_alice, tasks(number), cast.bob)
    told.run()
    assert told.kinds(cast.bob) == ["assignment"] * rows


def test_taking_many_away_or_for_oneself_tells_nobody(
    told, cast, as_alice, as_bob, tasks
):
    made = tasks(8)
    give(as_alice, made, cast.bob)
    give(as_alice, made, cast.vera)
    told.run()
    assert told.kinds(cast.bob) == told.kinds(cast.vera) == ["assignment"]
    give(as_alice, made, cast.alice)
    told.run()
    assert told.rows(cast.alice) == []
    assert len(told.rows(cast.bob)) == len(told.rows(cast.vera)) == 1


def test_what_two_people_do_is_not_taken_for_one(
    told, cast, as_alice, as_adam, as_bob, tasks
):
    give(as_alice, tasks(6), cast.bob)
    give(as_adam, tasks(7), cast.bob)
    told.run()
    page = as_bob.get("/inbox/").text
    assert "Alice Example assigned you 6 tasks" in page
    assert "Adam Example assigned you 7 tasks" in page


def test_many_finished_at_once_are_one_sentence_to_who_follows(
    told, cast, as_bob, as_alice, tasks
):
    as_bob.post(EDIT, picked(*tasks(9), status="done"))
    told.run()
    assert told.kinds(cast.alice) == ["task_done"]
    assert "Bob Example finished 9 tasks" in as_alice.get("/inbox/").text
    assert told.kinds(cast.adam) == []


def test_undoing_what_was_given_tells_nothing_more(told, cast, as_alice, tasks, kept):
    give(as_alice, tasks(7), cast.bob)
    told.run()
    as_alice.post(f"/tasks/changes/{kept.last().pk}/undo/")
    told.run()
    assert told.kinds(cast.bob) == ["assignment"]
    assert len(told.mails(cast.bob)) == 1


def test_undoing_many_that_were_finished_tells_nothing_and_again_tells_again(
    told, cast, as_bob, tasks, kept
):
    made = tasks(7)
    as_bob.post(EDIT, picked(*made, status="done"))
    as_bob.post(f"/tasks/changes/{kept.last().pk}/undo/")
    told.run()
    assert told.kinds(cast.alice) == ["task_done"]
    as_bob.post(EDIT, picked(*made, status="done"))
    told.run()
    assert told.kinds(cast.alice) == ["task_done"] * 2


def test_many_in_the_trash_hide_their_news_and_the_undo_brings_it_back(
    told, as_bob, as_alice, tasks, kept
):
    made = tasks(3)
    for task in made:
        told.mention(as_bob, task)
    as_bob.post(DELETE, picked(*made))
    told.run()
    assert lines(as_alice.get("/inbox/").text) == []
    as_bob.post(f"/tasks/changes/{kept.last().pk}/undo/")
    told.run()
    assert len(lines(as_alice.get("/inbox/").text)) == 3


def test_a_file_of_many_tasks_is_told_in_one_sentence(
    told, cast, as_alice, kept_import
):
    rows = "".join(f"Task {n},To do,bob@example.com\n" for n in range(40))
    journey = Journey(as_alice, kept_import)
    journey.upload(f"Title,Status,Assignee\n{rows}")
    journey.map()
    journey.start()
    told.run()
    told.run()
    assert told.kinds(cast.bob) == ["assignment"]
    assert len(told.mails(cast.bob)) == 1
    assert told.rows(cast.alice) == []


def test_a_muted_task_among_many_is_not_counted(told, cast, as_alice, as_bob, tasks):
    made = tasks(8)
    as_bob.post(f"/tasks/{made[0].pk}/mute/")
    told.run()
    give(as_alice, made, cast.bob)
    told.run()
    (note,) = told.rows(cast.bob)
    assert note.values["count"] == 7


@pytest.mark.parametrize("number", [10, 40])
def test_telling_of_one_more_task_costs_a_few_statements(
    number, told, cast, as_alice, tasks
):
    give(as_alice, tasks(number), cast.bob)
    with no_context(), told.inside(), CaptureQueriesContext(connection) as asked:
        assert read_all() == []
        assert Notification.objects.filter(user=cast.bob).count() == 1
    assert len(asked) < 60 + 12 * number


@pytest.fixture
def program(cast):
    return Program(cast.acme, cast.alice)


def test_a_program_is_named_and_its_maker_is_told_like_anybody(
    told, cast, as_alice, program
):
    task = told.task()
    said = program.ask("post", f"/tasks/{task.pk}/comments", {"body": "Built."})
    assert said.status_code == 201
    told.run()
    (note,) = told.rows(cast.alice)
    assert (note.kind, note.actor_id, note.excerpt) == ("comment", None, "Built.")
    assert "Shop backend (ins_" in as_alice.get("/inbox/").text


def test_a_programs_mention_reaches_its_person_once_and_by_mail(told, cast, program):
    task = told.task()
    body = {"body": "Look, @Bob Example and @Bob Example"}
    program.ask("post", f"/tasks/{task.pk}/comments", body)
    told.run()
    assert told.kinds(cast.bob) == ["mention"]
    (letter,) = told.mails(cast.bob)
    assert letter.subject.startswith("Shop backend (ins_")
    assert letter.subject.endswith("mentioned you in ACME-1")
    assert program.key.digest not in letter.body
