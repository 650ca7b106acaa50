"""A file becomes tasks in a real browser, with scripts and without."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.browser.test_first_day import both_ways, sign_in
from tests.browser.test_people import apart

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
LINES = "Title;Status;Priority\nPaint the boat;Doing;P1\nCount oars;nowhere;low\n"


def titles(cast):
    with no_context(), tenant(cast.acme):
        return list(Task.objects.order_by("number").values_list("title", flat=True))


def choose(visitor, text):
    file = {"name": "yard.csv", "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.set_input_files("[name=file]", file)
    visitor.press("Upload")


def reads(visitor, text):
    """Wait for a text: the page that shows it may be on its way."""
    visitor.page.get_by_text(text).first.wait_for()


@both_ways
def test_a_file_goes_through_all_four_pages(visit, cast, scripts, run_jobs):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/import/")
    alice.press("Import a file", "link")
    choose(alice, "Order tyres\nCount oars\n")
    reads(alice, "There is only one column.")
    choose(alice, LINES)
    reads(alice, "Step 2 of 4")
    assert alice.page.get_by_label("Priority", exact=True).input_value() == "priority"
    alice.press("Check the file")
    reads(alice, "1 task will be made.")
    reads(alice, "There is no such status.")
    alice.press("Make the tasks")
    reads(alice, "0 of 2 lines done")
    apart(run_jobs)
    if not scripts:
        alice.press("Look again", "link")
    reads(alice, "1 task made, 2 of 2 lines done")
    assert titles(cast) == ["Paint the boat"]
    if scripts:
        assert alice.faults() == []


@both_ways
def test_what_was_taken_along_as_json_is_brought_back(visit, cast, scripts, run_jobs):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/import/new/")
    choose(alice, '{"title": "Paint the boat", "labels": ["Yard"]}\nbroken\n')
    reads(alice, "What is under which name")
    alice.press("Check the file")
    reads(alice, "1 task will be made.")
    reads(alice, "1 label will be made: Yard")
    reads(alice, "This line is not a JSON object.")
    alice.press("Make the tasks")
    apart(run_jobs)
    if not scripts:
        alice.press("Look again", "link")
    reads(alice, "1 task made, 2 of 2 lines done")
    alice.press("Undo the import", "link")
    alice.press("Undo")
    reads(alice, "Undone by")
    assert titles(cast) == []
    if scripts:
        assert alice.faults() == []


@both_ways
def test_tasks_are_taken_along(visit, cast, scripts, run_jobs):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/new/")
    alice.fill("Title", "Paint the boat")
    alice.page.locator("form:has([name=title]) button[type=submit]").last.click()
    alice.page.wait_for_load_state()
    alice.go("/tasks/?status=todo")
    alice.press("Export", "link")
    reads(alice, "1 task, as the list is filtered now")
    with alice.page.expect_download() as download:
        alice.page.get_by_role("button", name="Download").click()
    assert "Paint the boat" in download.value.path().read_text("utf-8")
    if scripts:
        assert alice.faults() == []
