"""Markdown is looked at before it is sent: in a part of the page, and without scripts."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.audit.models import AuditEntry
from tasks.comments.models import MOST_CHARACTERS
from tasks.forms import MOST_WRITTEN
from tests.comments.conftest import HTMX
from tests.tasks.test_markdown import TAG

PATH = "/tasks/preview/"
BAD = (
    "**bold** <script>alert(1)</script> [x](javascript:alert(1)) ![p](https://a/b.png)"
)
SHOWN = re.compile(r'<div class="prose shown"\s+role="group".*?</div>', re.DOTALL)


def entries(talk):
    with talk.inside():
        return AuditEntry.objects.count()


def shown(page):
    found = SHOWN.search(page.text)
    return found[0] if found else ""


@pytest.mark.parametrize("field", ["description", "body"])
def test_a_text_is_drawn_and_nothing_is_kept(as_bob, talk, field):
    before = entries(talk)
    answer = as_bob.post(PATH, {field: BAD}, **HTMX)
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert "&lt;script&gt;" in answer.text
    for harm in ("<script", 'href="javascript', "<img"):
        assert harm not in answer.text
    assert talk.all() == []
    assert entries(talk) == before


def test_members_named_in_a_comment_are_marked_and_strangers_are_not(as_bob, talk):
    said = "Ask @Vera Example and @Charlie Example"
    drawn = as_bob.post(PATH, {"body": said}, **HTMX).text
    assert '<span class="mention">@Vera Example</span>' in drawn
    assert "Charlie Example</span>" not in drawn
    assert "mention" not in as_bob.post(PATH, {"description": said}, **HTMX).text
    assert talk.mentioned() == set()


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_to_see_is_said(as_bob, text, db):
    answer = as_bob.post(PATH, {"description": text}, **HTMX)
    assert answer.status_code == 200
    assert "Nothing to preview yet." in answer.text


@pytest.mark.parametrize(
    ("field", "most"), [("description", MOST_WRITTEN), ("body", MOST_CHARACTERS)]
)
def test_a_text_may_be_as_long_as_one_that_is_sent(as_bob, field, most, db):
    assert as_bob.post(PATH, {field: "x" * most}, **HTMX).status_code == 200
    answer = as_bob.post(PATH, {field: "x" * (most + 1)}, **HTMX)
    assert answer.status_code == 422
    assert "at most" in answer.text


@pytest.mark.parametrize(
    ("client", "expected"),
    [("as_alice", 200), ("as_bob", 200), ("as_vera", 403), ("as_nora", 302)],
)
def test_who_may_write_may_look(request, client, expected):
    person = request.getfixturevalue(client)
    assert person.post(PATH, {"body": "x"}).status_code == expected


def test_it_is_no_link(as_bob, client, db):
    assert as_bob.get(PATH).status_code == 405
    assert client.post(PATH, {"body": "x"})["Location"].startswith("/accounts/login/")


TASK = {"title": "Order tyres", "status": "todo", "priority": "5"}
PAGES = {
    "new": ("/tasks/new/", TASK, "description"),
    "edit": ("/tasks/{task.pk}/edit/", TASK, "description"),
    "field": ("/tasks/{task.number}/change/description/", {}, "description"),
    "comment": ("/tasks/{task.pk}/comments/new/", {}, "body"),
}
each_page = pytest.mark.parametrize("page", list(PAGES))


def asked(talk, page, text, **more):
    """Return the address of a page with a text, and what its button posts."""
    path, values, field = PAGES[page]
    posted = values | {field: text, "preview": "on"} | more
    return path.format(task=talk.task), posted


@each_page
def test_without_scripts_the_page_comes_again_with_the_text_above(as_bob, talk, page):
    before = entries(talk)
    answer = as_bob.post(*asked(talk, page, "**Four** of them"))
    assert answer.status_code == 200
    assert "<strong>Four</strong>" in shown(answer)
    assert "**Four** of them</textarea>" in answer.text
    assert entries(talk) == before
    assert talk.all() == []


@each_page
def test_the_preview_is_as_harmless_as_the_text(as_bob, talk, page):
    drawn = shown(as_bob.post(*asked(talk, page, BAD)))
    assert "alert(1)" in drawn
    known = {"div", "p", "strong", "a"}
    assert {tag for tag, _rest in TAG.findall(drawn)} <= known


@each_page
def test_no_preview_is_shown_unless_asked_for(as_bob, talk, page):
    path, _posted = asked(talk, page, "")
    answer = as_bob.get(path)
    assert 'name="preview"' in answer.text
    assert shown(answer) == ""


@each_page
def test_a_text_that_is_too_long_is_told_with_the_preview_too(as_bob, talk, page):
    answer = as_bob.post(*asked(talk, page, "x" * 60_000))
    assert answer.status_code == 422
    assert shown(answer) == ""
    assert "x" * 60_000 in answer.text


def test_what_else_was_typed_is_kept_and_not_judged(as_bob, talk):
    path, posted = asked(talk, "edit", "Text", title="", due_date="31 February")
    answer = as_bob.post(path, posted)
    assert answer.status_code == 200
    assert 'value="31 February"' in answer.text
    assert 'class="error"' not in answer.text
    assert talk.board.now(talk.task).title == talk.task.title


def test_a_comment_that_is_mended_is_looked_at_first(as_bob, cast, talk):
    comment = talk.say("Eleven.", by=cast.bob)
    path = f"/tasks/comments/{comment.pk}/edit/"
    answer = as_bob.post(path, {"body": "@Vera Example", "preview": "on"})
    assert '<span class="mention">@Vera Example</span>' in shown(answer)
    assert talk.bodies() == ["Eleven."]


def test_the_base_of_an_edit_outlives_its_preview(as_bob, as_alice, talk):
    path = PAGES["field"][0].format(task=talk.task)
    base = unescape(re.search(r'name="base" value="([^"]*)"', as_bob.get(path).text)[1])
    as_alice.post(path, {"description": "Alice's"})
    looked = as_bob.post(path, {"description": "Bob's", "base": base, "preview": "on"})
    kept = unescape(re.search(r'name="base" value="([^"]*)"', looked.text)[1])
    assert kept == base
    answer = as_bob.post(path, {"description": "Bob's", "base": kept})
    assert answer.status_code == 409


@given(
    st.dictionaries(
        st.sampled_from(["body", "description", "preview"]),
        st.text(st.characters(codec="utf-8"), max_size=80),
    )
)
def test_any_text_gets_an_answer(as_bob, talk, posted):
    assert as_bob.post(PATH, posted).status_code in {200, 422}
    for page in PAGES:
        path, _ = asked(talk, page, "")
        assert as_bob.post(path, posted | {"preview": ""}).status_code in {200, 422}
    assert talk.all() == []
