"""A task in a drawer: a part of its own page, and the row behind it afterwards."""

import json
import re

import pytest

from organizations.tenancy import no_context
from tests.tasks.test_change import HTMX
from tests.tasks.test_list import rows

RESTORED = {**HTMX, "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
ID = re.compile(r'\sid="?([\w-]+)')


def ids(page):
    return ID.findall(page.text)


def events(answer, when="HX-Trigger"):
    return json.loads(answer.get(when, "{}"))


@pytest.fixture
def task(acme_board):
    return acme_board.add("Order the winter tyres", description="Four of them.")


@pytest.mark.parametrize("way", ["number", "pk"])
def test_htmx_gets_the_drawer_and_everybody_else_the_page(as_bob, task, way):
    address = f"/tasks/{getattr(task, way)}/?status=todo"
    part, whole = as_bob.get(address, **HTMX), as_bob.get(address)
    assert "<html" not in part.text
    assert "<title>ACME-1 Order the winter tyres · Acme · Insula</title>" in part.text
    assert "<html" in whole.text
    for page in (part, whole):
        assert "HX-Request" in page["Vary"]
        assert page["Cache-Control"] == "private, no-store"
        for words in ("Order the winter tyres", "Four of them.", 'id="composer"'):
            assert words in page.text


def test_a_restored_page_is_whole(as_bob, task):
    assert "<html" in as_bob.get(f"/tasks/{task.number}/", **RESTORED).text


def test_a_viewers_drawer_has_no_way_to_change_the_task(as_vera, task):
    page = as_vera.get(f"/tasks/{task.number}/", **HTMX).text
    for verb in ("edit", "status", "delete"):
        assert f"/tasks/{task.pk}/{verb}/" not in page
    assert 'id="composer"' not in page


@pytest.mark.parametrize(
    "place", ["/tasks/?status=todo", "/tasks/board/?priority=3", "/tasks/mine/"]
)
def test_no_id_is_there_twice_once_the_drawer_is_open(as_bob, cast, acme_board, place):
    task = acme_board.add("Mine", assignees=[cast.bob])
    behind = as_bob.get(place)
    drawer = as_bob.get(f"/tasks/{task.number}/", **HTMX)
    together = ids(behind) + ids(drawer)
    assert sorted(together) == sorted(set(together))


@pytest.mark.parametrize(
    ("query", "name", "address"),
    [
        ("", "Tasks", "/tasks/"),
        ("?status=todo&sort=due", "Tasks", "/tasks/?status=todo&amp;sort=due"),
        ("?q=a+%26+b", "Tasks", "/tasks/?q=a+%26+b"),
        ("?view=board&priority=5", "Board", "/tasks/board/?priority=5"),
        ("?view=mine", "My tasks", "/tasks/mine/"),
    ],
)
def test_the_way_back_keeps_the_filters(as_bob, task, query, name, address):
    page = as_bob.get(f"/tasks/{task.number}/{query}").text
    assert f'<a href="{address}">{name}</a>' in page
    part = as_bob.get(f"/tasks/{task.number}/{query}", **HTMX).text
    assert re.search(rf'href="{re.escape(address)}"\s+data-drawer-close', part)


def test_links_of_a_narrowed_list_say_so_and_those_of_a_plain_one_stay_short(
    as_bob, task
):
    assert "<a href=1/ >" in as_bob.get("/tasks/").text
    narrowed = as_bob.get("/tasks/?status=todo&sort=due").text
    assert '<a href="1/?status=todo&amp;sort=due">' in narrowed
    board = as_bob.get("/tasks/board/?priority=3").text
    assert '<a href="../1/?priority=3&amp;view=board">' in board


def test_a_change_without_scripts_leads_back_to_the_same_address(as_bob, task):
    here = f"/tasks/{task.number}/?status=todo&sort=due"
    headers = {"Referer": f"http://testserver{here}"}
    address = f"/tasks/{task.pk}/status/"
    assert as_bob.post(address, {"status": "done"}, headers=headers)["Location"] == here


@pytest.mark.parametrize(
    "referer",
    [
        "http://elsewhere.example/tasks/1/",
        "http://testserver//elsewhere.example/tasks/1/",
        "http://testserver/tasks/1/edit/",
        "http://testserver/accounts/logout/",
        "http://[",
        "",
    ],
)
def test_other_pages_do_not_decide_where_a_change_leads(as_bob, task, referer):
    address = f"/tasks/{task.pk}/status/"
    answer = as_bob.post(address, {"status": "done"}, headers={"Referer": referer})
    assert answer["Location"] == f"/tasks/{task.pk}/"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "drawer"])
@pytest.mark.parametrize("way", ["", "row/"])
def test_a_foreign_a_missing_and_a_deleted_task_are_the_same_404(
    as_bob, cast, acme_board, globex_board, task, headers, way
):
    globex_board.add_many(3)
    with no_context(), acme_board.inside():
        task.remove(by=cast.alice)
    answers = [as_bob.get(f"/tasks/{n}/{way}", **headers) for n in (1, 3, 999)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_deleting_in_the_drawer_takes_the_row_away_and_can_be_undone(
    as_alice, acme_board, task
):
    answer = as_alice.post(f"/tasks/{task.pk}/delete/", **HTMX)
    assert answer.status_code == 204
    assert acme_board.now(task).deleted_at is not None
    assert len(acme_board.history(task, "task.removed")) == 1
    told = events(answer)
    assert told["gone"] == {"task": task.number, "from": "todo"}
    assert told["toast"]["text"] == "ACME-1 moved to the trash"
    back = as_alice.post(told["toast"]["undo"], **HTMX, follow=True)
    assert "<html" not in back.text
    assert events(back)["toast"]["text"] == "ACME-1 is back"
    assert acme_board.now(task).deleted_at is None


def test_the_row_behind_is_as_the_list_shows_it(as_bob, cast, acme_board):
    task = acme_board.add("Mine", assignees=[cast.bob, cast.vera], status="done")
    query = "?priority=3&sort=due"
    answer = as_bob.get(f"/tasks/{task.number}/row/{query}", **HTMX)
    assert rows(answer) == [task.number]
    assert answer.text in as_bob.get(f"/tasks/{query}").text
    fresh = {"task": task.number, "card": str(task.pk), "status": "done"}
    assert events(answer, "HX-Trigger-After-Settle") == {"fresh": fresh}


def test_the_card_behind_is_as_the_board_shows_it(as_vera, cast, acme_board):
    task = acme_board.add("Theirs", assignees=[cast.bob], status="in_review")
    answer = as_vera.get(f"/tasks/{task.number}/row/?view=board", **HTMX)
    assert answer.text in as_vera.get("/tasks/board/").text


def test_ones_own_row_behind_is_as_that_page_shows_it(as_bob, cast, acme_board):
    task = acme_board.add("Mine", assignees=[cast.vera, cast.bob])
    answer = as_bob.get(f"/tasks/{task.number}/row/?view=mine", **HTMX)
    assert answer.text in as_bob.get("/tasks/mine/").text


def test_a_row_asked_for_by_hand_leads_to_the_task(as_bob, task):
    answer = as_bob.get(f"/tasks/{task.number}/row/?view=board")
    assert answer["Location"] == f"/tasks/{task.number}/?view=board"


@pytest.mark.parametrize("address", ["", "row/"])
def test_a_drawer_costs_the_same_in_any_organization(
    as_bob, acme_board, task, address, django_assert_max_num_queries
):
    acme_board.add_many(30)
    as_bob.get(f"/tasks/{task.number}/{address}", **HTMX)
    most = 16 if not address else 5
    with django_assert_max_num_queries(most):
        as_bob.get(f"/tasks/{task.number}/{address}", **HTMX)
