"""A page that is drawn once says to everybody what one drawn for them would say."""

import re

import pytest
from django.template import TemplateDoesNotExist, engines

from config import drawn
from config.templatetags.frame import FILLERS

PAGES = (
    "/tasks/",
    "/tasks/?status=todo&select=1",
    "/tasks/?q=winter&priority=5",
    "/tasks/?q=%3Cb%3E%22nothing",
    "/tasks/?group=assignee",
    "/tasks/board/",
    "/tasks/board/?q=winter",
)
OWN = re.compile(
    r'nonce="[^"]+"|"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"'
)


@pytest.fixture(autouse=True)
def _drawn_anew():
    drawn.skeleton.cache_clear()
    yield
    drawn.skeleton.cache_clear()


def said(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert "<!--slot" not in response.text
    tokens = OWN.findall(response.text)
    assert len(tokens) > 3
    assert all(len(token) > 24 for token in tokens)
    return " ".join(OWN.sub("own", response.text).split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["as_alice", "as_bob", "as_vera", "as_charlie"])
def test_it_is_what_the_template_says(
    request, settings, cast, acme_board, globex_board, who, path
):
    acme_board.add("Order <winter> tyres", assignees=[cast.vera], priority=5)
    globex_board.add("Winter & spring", status="done")
    client = request.getfixturevalue(who)
    first, again = said(client, path), said(client, path)
    settings.DEBUG = True
    assert first == again == said(client, path)


def test_one_drawing_serves_people_who_never_meet(
    as_alice, as_charlie, acme_board, globex_board
):
    acme_board.add("Secret of Acme")
    globex_board.add("Secret of Globex")
    for path in PAGES:
        ours, theirs = said(as_alice, path), said(as_charlie, path)
        assert "Globex" not in ours
        assert "Acme" not in theirs
        assert "Charlie" not in ours
        assert "Alice" not in theirs
    assert drawn.skeleton.cache_info().hits >= len(PAGES)


def test_what_is_kept_holds_nothing_of_anybody(as_alice, cast, acme_board):
    acme_board.add("Secret of Acme")
    said(as_alice, "/tasks/")
    look = drawn.Look(
        "en", "tasks:task_list", frozenset({"tasks.view"}), False, True, "dark"
    )
    pieces = drawn.skeleton("tasks/task_list.html", look, frozenset())
    assert 'data-theme="dark"' in pieces[0]
    assert set(pieces[1::2]) <= {
        *FILLERS,
        "switch",
        "toolbar",
        "groups",
        "open_count",
    } | {
        "address",
        "boxes",
        "nothing",
    }
    for mine in (str(cast.acme.pk), "Acme", "Alice", cast.alice.email):
        assert mine not in "".join(pieces)


def test_a_theme_of_ones_own_is_kept(as_bob, acme_board):
    for theme in ("light", "dark", "system"):
        as_bob.cookies["theme"] = theme
        assert (f'data-theme="{theme}"' in said(as_bob, "/tasks/")) is (
            theme != "system"
        )


def test_a_message_is_shown_once(as_bob, acme_board):
    as_bob.post("/tasks/new/", {"title": "Paint the fence"})
    assert "created" in as_bob.get("/tasks/").text
    assert "ACME-1 created" not in as_bob.get("/tasks/").text


def test_a_part_that_does_not_say_it_is_markup_is_none(as_bob, acme_board):
    asked = as_bob.get("/tasks/board/").wsgi_request
    parts = dict.fromkeys(("columns", "toolbar", "open_count", "switch"), "<b>&")
    page = engines["drawn"].get_template("tasks/task_board.html")
    shown = page.render({"parts": parts}, asked)
    assert shown.count("&lt;b&gt;&amp;") == len(parts)
    assert "<b>&" not in shown


def test_a_missing_template_is_missing():
    with pytest.raises(TemplateDoesNotExist):
        engines["drawn"].get_template("tasks/nowhere.html")
