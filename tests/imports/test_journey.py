"""From a file to tasks: four pages, each step recorded."""

import pytest
from django.core.files.storage import default_storage

from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tasks.imports.jobs import discard_import
from tests.imports.conftest import NEW, PLAIN, Journey, file

TWO = "Title,Status\nFirst,done\nSecond,nowhere\n"


def test_a_file_becomes_tasks(journey, run_jobs, acme_board, cast, entries):
    assert journey.upload(PLAIN)["Location"] == journey.at("columns/")
    assert journey.map()["Location"] == journey.at()
    assert "1 task will be made" in journey.page()
    assert acme_board.all() == []
    journey.start()
    run_jobs()
    [task] = acme_board.all()
    assert (task.title, task.created_by_id) == ("Order tyres", cast.bob.pk)
    assert acme_board.doers(task) == {cast.bob.pk}
    assert acme_board.history(task, "task.created")
    assert [entry.action for entry in entries()] == [
        "import.uploaded",
        "import.mapped",
        "import.started",
        "import.finished",
    ]
    assert entries()[-1].after == {"lines": 1, "made": 1, "skipped": 0}
    assert {entry.actor_id for entry in entries()} == {cast.bob.pk}


def test_the_page_of_columns_shows_guesses_and_examples(journey):
    journey.upload("Title;Colour;Due\nOrder tyres;green;3/4/2026\n")
    page = journey.client.get(journey.at("columns/"))
    guesses = [field.value() for field in page.context["form"].columns()]
    assert guesses == ["title", "", "due_date"]
    assert "green" in page.text
    assert "Step 2 of 4" in page.text


def test_lines_that_cannot_be_made_are_named_and_left_out(whole, journey, acme_board):
    kept = whole(TWO)
    assert [task.title for task in acme_board.all()] == ["First"]
    assert (kept.state, kept.good, kept.made, kept.skipped) == ("finished", 1, 1, 1)
    page = journey.page()
    assert "There is no such status." in page
    assert "nowhere" in page


def test_all_problems_can_be_taken_along(journey):
    lines = "".join(f"=cmd{n},nowhere\n" for n in range(250))
    journey.upload(f"Title,Status\n{lines}")
    journey.map()
    answer = journey.client.get(journey.at("errors/"))
    found = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(found) == 251
    assert found[1] == "2,Status,nowhere,There is no such status."
    assert journey.page().count("There is no such status.") == 200


def test_a_file_without_problems_has_none_to_take_along(journey):
    journey.upload(PLAIN)
    journey.map()
    assert journey.client.get(journey.at("errors/")).status_code == 404


def test_another_choice_of_columns_checks_again(journey, kept):
    journey.upload(TWO)
    journey.map()
    before = kept().errors
    journey.map(status="leave")
    assert (kept().good, kept().errors) == (2, "")
    assert before


def test_a_large_file_is_checked_by_the_worker(journey, run_jobs, kept):
    journey.upload("Title,Description\n" + f"Long,{'x' * 1_000}\n" * 600)
    journey.map()
    assert kept().state == "checking"
    page = journey.page()
    assert "being checked" in page
    assert 'hx-trigger="every 2s"' in page
    run_jobs()
    assert (kept().state, kept().good) == ("checked", 600)


def test_a_cancelled_check_stays_cancelled(journey, run_jobs, kept):
    journey.upload("Title,Description\n" + f"Long,{'x' * 1_000}\n" * 600)
    journey.map()
    journey.cancel()
    run_jobs()
    assert kept().state == "cancelled"


def test_a_cancelled_import_makes_nothing(journey, run_jobs, acme_board, entries):
    journey.upload(PLAIN)
    journey.map()
    journey.start()
    assert 'value="0" max="1"' in journey.page()
    journey.cancel()
    run_jobs()
    assert acme_board.all() == []
    assert entries()[-1].action == "import.cancelled"
    assert "Cancelled" in journey.page()


@pytest.mark.parametrize("step", ["start", "cancel"])
def test_doing_it_twice_is_doing_it_once(journey, run_jobs, entries, step):
    journey.upload(PLAIN)
    journey.map()
    getattr(journey, step)()
    getattr(journey, step)()
    assert len([e for e in entries() if e.action.startswith(f"import.{step}")]) == 1


def test_the_same_choice_twice_is_recorded_once(journey, entries):
    journey.upload(PLAIN)
    journey.map()
    journey.map()
    assert [e.action for e in entries()].count("import.mapped") == 1


def test_nothing_starts_before_the_columns_are_chosen(journey, run_jobs, acme_board):
    journey.upload(PLAIN)
    journey.start()
    run_jobs()
    assert acme_board.all() == []


def test_nothing_starts_when_no_line_is_good(journey, kept):
    journey.upload("Title,Status\nFirst,nowhere\n")
    journey.map()
    journey.start()
    assert kept().state == "checked"
    assert "Make the tasks" not in journey.page()


def test_what_runs_keeps_its_columns(journey, kept):
    journey.upload(TWO)
    journey.map()
    journey.start()
    answer = journey.map("title", "", status="leave")
    assert answer["Location"] == journey.at()
    assert kept().mapping["columns"] == {"title": 0, "status": 1}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("", "status"), "Say which column is the title."),
        (("title", "title"), "is read into this field already"),
        (("title", "colour"), "Select a valid choice"),
    ],
)
def test_columns_that_make_no_sense_are_refused(journey, kept, fields, words):
    journey.upload(TWO)
    answer = journey.map(*fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert kept().state == "uploaded"


def test_who_lost_the_right_meanwhile_makes_no_more(
    journey, run_jobs, cast, acme_board, entries
):
    journey.upload(PLAIN)
    journey.map()
    journey.start()
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.bob).update(role="viewer")
    run_jobs()
    assert acme_board.all() == []
    assert entries()[-1].action == "import.stopped"


def test_files_are_deleted_after_a_week(journey, kept, run_jobs):
    journey.upload(TWO)
    journey.map()
    names = [kept().file, kept().errors]
    assert all(map(default_storage.exists, names))
    run_jobs(waiting=True)
    assert not any(map(default_storage.exists, names))
    assert (kept().file, kept().errors) == ("", "")
    assert "The file is deleted." in journey.page()
    assert discard_import.name.endswith("discard_import")


def test_nothing_starts_without_its_file(journey, kept, run_jobs):
    journey.upload(PLAIN)
    journey.map()
    run_jobs(waiting=True)
    journey.start()
    assert kept().state == "checked"
    assert journey.client.get(journey.at("columns/")).status_code == 302


def test_files_lie_in_the_organizations_folder(journey, kept, cast):
    journey.upload(PLAIN)
    assert kept().file.startswith(f"org/{cast.acme.pk}/imports/")


def test_the_list_names_every_import(journey, as_vera, kept):
    assert "Nothing was imported yet" in journey.client.get("/tasks/import/").text
    journey.upload(PLAIN, "winter\u202e <b>.csv")
    page = journey.client.get("/tasks/import/").text
    assert "winter &lt;b&gt;.csv" in page
    assert as_vera.get("/tasks/import/").status_code == 403


def test_the_list_takes_as_many_statements_for_many(
    journey, kept, cast, django_assert_max_num_queries
):
    for _each in range(20):
        journey.upload(PLAIN)
    with django_assert_max_num_queries(8):
        journey.client.get("/tasks/import/")


def test_viewers_import_nothing(as_vera, kept):
    assert as_vera.get(NEW).status_code == 403
    assert as_vera.post(NEW, {"file": file(PLAIN)}).status_code == 403
    assert kept() is None


@pytest.mark.parametrize("step", ["", "columns/", "errors/"])
def test_a_foreign_import_is_a_missing_one(as_charlie, journey, step):
    journey.upload(TWO)
    journey.map()
    assert as_charlie.get(journey.at(step)).status_code == 404


@pytest.mark.parametrize("step", ["columns/", "start/", "cancel/"])
def test_nobody_else_moves_an_import(as_charlie, journey, kept, step):
    journey.upload(PLAIN)
    before = kept().state
    assert as_charlie.post(journey.at(step)).status_code == 404
    assert kept().state == before


def test_colleagues_see_and_cancel_each_others_imports(journey, as_adam, kept):
    journey.upload(PLAIN)
    other = Journey(as_adam, kept)
    assert "Uploaded by Bob Example" in other.page()
    other.cancel()
    assert kept().state == "cancelled"
