"""Each page shows how far an import has come, and what can be done next."""

import pytest

from organizations.models import CustomRole
from organizations.roles.flows import give_role
from organizations.tenancy import no_context, tenant
from tasks.imports.models import Import
from tests.imports.conftest import NEW, PLAIN

ACTIONS = ("Choose columns", "Make the tasks", "Cancel import", "Look again")
SHOWN = {
    "uploaded": ("Choose columns", "Cancel import"),
    "checking": ("Cancel import", "Look again"),
    "checked": ("Choose columns", "Make the tasks", "Cancel import"),
    "running": ("Cancel import", "Look again"),
    "finished": (),
    "cancelled": (),
    "failed": (),
}


@pytest.fixture
def at(journey, cast):
    """Put an import into a state, as if it had come there, and return its page."""

    def show(state, **values):
        journey.upload(PLAIN)
        journey.map()
        with no_context(), tenant(cast.acme):
            values = {"good": 0 if state == "uploaded" else 1} | values
            Import.objects.update(state=state, **values)
        return journey.page()

    return show


@pytest.mark.parametrize("state", list(SHOWN))
def test_a_page_offers_what_can_be_done(at, state):
    page = at(state)
    assert tuple(word for word in ACTIONS if word in page) == SHOWN[state]
    assert ("Show the tasks" in page) == (state in {"finished", "cancelled", "failed"})


@pytest.mark.parametrize("state", list(SHOWN))
def test_only_what_the_worker_has_in_hand_asks_again(at, state):
    assert ("every 2s" in at(state)) == (state in {"checking", "running"})


@pytest.mark.parametrize(
    ("state", "step"),
    [("checking", 3), ("checked", 3), ("running", 4), ("finished", 4)],
)
def test_a_page_says_which_step_it_is(at, state, step):
    assert f"Step {step} of 4" in at(state)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rows": 1, "good": 1}, "1 task will be made."),
        ({"rows": 2, "good": 1}, "1 line is left out."),
        ({"rows": 200_000, "good": 123_456}, "123,456 tasks will be made."),
        ({"rows": 200_000, "good": 123_456}, "76,544 lines are left out."),
        ({"rows": 3, "good": 0}, "0 tasks will be made."),
    ],
)
def test_counts_read_as_sentences(at, values, words):
    assert words in at("checked", **values)


def test_a_page_that_stopped_says_why(at):
    assert "whoever started it may not make tasks here any more" in at("failed")


def test_what_a_file_says_is_text_and_no_markup(journey):
    journey.upload("<b>Title</b>,Status\n<script>x</script>,<i>nowhere</i>\n")
    columns = journey.client.get(journey.at("columns/")).text
    journey.map("title", "status")
    page = journey.page()
    for text in (columns, page):
        assert "<script>x" not in text
        assert "<i>nowhere" not in text
        assert "<b>Title" not in text
    assert "&lt;i&gt;nowhere&lt;/i&gt;" in page


def test_a_part_of_the_page_is_asked_for_by_htmx(at, journey):
    at("running")
    answer = journey.client.get(journey.at(), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="import"' in answer.text


def test_only_getting_and_posting_are_understood(journey):
    journey.upload(PLAIN)
    for step in ("start/", "cancel/"):
        assert journey.client.get(journey.at(step)).status_code == 405
    for step in ("", "errors/"):
        assert journey.client.post(journey.at(step)).status_code == 405


def test_the_upload_says_its_limits(as_bob, settings):
    settings.IMPORT_MAX_ROWS = 12_345
    settings.IMPORT_MAX_BYTES = 3 * 1024 * 1024
    page = as_bob.get(NEW).text
    assert "Up to 12,345 lines and 3.0\xa0MB." in page


def test_a_role_that_only_sees_tasks_imports_none(as_bob, journey, cast):
    journey.upload(PLAIN)
    with no_context(), tenant(cast.acme, cast.alice):
        role = CustomRole.objects.create(name="Reader", abilities=["tasks.view"])
        member = cast.acme.memberships.select_related("user").get(user=cast.bob)
        give_role(membership=member, role=role, by=cast.alice)
    assert as_bob.get(journey.at()).status_code == 403
    assert journey.start().status_code == 403
    assert as_bob.get("/tasks/export/").status_code == 200


def test_the_list_of_tasks_leads_here(as_bob, as_vera):
    assert 'href="/tasks/import/"' in as_bob.get("/tasks/").text
    assert 'href="/tasks/import/"' not in as_vera.get("/tasks/").text
