"""A task is found by what people call it."""

import pytest

from tests.tasks.test_change import HTMX


def test_the_number_shows_the_task(as_vera, acme_board, quick_look):
    task = acme_board.add("Order the winter tyres")
    assert "Order the winter tyres" in quick_look(as_vera.get(f"/tasks/{task.number}/"))


def test_the_number_opens_the_menu_of_its_status(as_bob, acme_board, quick_look):
    task = acme_board.add()
    menu = quick_look(as_bob.get(f"/tasks/{task.number}/status/", **HTMX))
    assert f'hx-post="/tasks/{task.pk}/status/"' in menu


def test_each_organization_has_its_own_numbers(as_charlie, acme_board, globex_board):
    acme_board.add("Ours")
    assert as_charlie.get("/tasks/1/").status_code == 404
    globex_board.add("Theirs")
    page = as_charlie.get("/tasks/1/").text
    assert "Theirs" in page
    assert "Ours" not in page


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
@pytest.mark.parametrize("verb", ["", "status/"])
def test_a_number_nobody_has_is_missing(as_bob, acme_board, number, verb):
    acme_board.add()
    assert as_bob.get(f"/tasks/{number}/{verb}").status_code == 404


def test_what_is_in_the_trash_is_missing(as_bob, acme_board):
    task = acme_board.add()
    as_bob.post(f"/tasks/{task.pk}/delete/")
    assert as_bob.get(f"/tasks/{task.number}/").status_code == 404


def test_viewers_get_no_menu(as_vera, acme_board):
    task = acme_board.add()
    assert as_vera.get(f"/tasks/{task.number}/status/").status_code == 403
