"""Comments by key: what a program says, and what it may do to what others said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks.comments.models import Comment
from tests.api_client import VIEWS, Program, code, wheres

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def place(talk):
    return f"/tasks/{talk.task.pk}/comments"


@pytest.fixture
def ours(api, place):
    return api.post(place, {"body": "Shipped."}).json()


def at(comment):
    key = comment["id"] if isinstance(comment, dict) else comment.pk
    return f"/comments/{key}"


def test_a_program_speaks_in_its_own_name(api, talk, ours):
    (comment,) = talk.all()
    assert (comment.author_id, comment.author_name) == (None, str(api.key))
    assert (ours["author"], ours["program"]) == (None, str(api.key))
    assert ours["task"] == str(talk.task.pk)
    assert (talk.count(), talk.rows()) == (1, 0)
    assert api.last() == ("comment.written", "program", str(api.key))


def test_a_new_comment_is_where_it_is_said_to_be(api, place):
    answer = api.post(place, {"body": "Shipped."})
    assert answer.status_code == 201
    path = answer.headers["Location"].removeprefix("/api/v1")
    assert api.get(path).json() == answer.json()


def test_a_program_follows_nothing_and_others_still_do(api, talk, ours):
    assert talk.watchers() == {"Alice"}


def test_whom_a_program_mentions_follows(api, cast, talk, place):
    api.post(place, {"body": "Look, @Bob Example"})
    assert talk.mentioned() == {cast.bob.pk}
    assert talk.watchers() == {"Alice", "Bob"}


def test_what_a_program_said_can_be_mended(api, talk, ours):
    now = api.patch(at(ours), {"body": "Shipped today."}).json()
    assert now["body"] == "Shipped today."
    assert now["edited_at"]
    assert api.last()[:2] == ("comment.edited", "program")


def test_what_a_person_said_is_theirs_to_mend(api, cast, talk):
    said = talk.say("Eleven", by=cast.bob)
    read = api.get(at(said)).json()
    assert (read["author"]["name"], read["program"]) == ("Bob Example", None)
    assert code(api.patch(at(said), {"body": "Twelve"})) == (409, "conflict")
    assert talk.bodies() == ["Eleven"]


def test_a_comment_is_removed_and_brought_back(api, talk, ours):
    assert api.delete(at(ours)).status_code == 204
    assert code(api.get(at(ours))) == (404, "not_found")
    assert api.last()[:2] == ("comment.removed", "program")
    assert api.post(f"{at(ours)}/restore").json() == ours
    assert api.last()[:2] == ("comment.restored", "program")
    assert talk.count() == 1


def test_a_persons_comment_takes_the_scope_to_delete(api, cast, talk, ours):
    writer = Program(cast.acme, cast.alice, "tasks.view", "tasks.edit")
    said = talk.say("Eleven", by=cast.bob)
    assert code(writer.delete(at(said))) == (403, "scope_missing")
    assert writer.delete(at(ours)).status_code == 204
    assert api.delete(at(said)).status_code == 204
    assert code(writer.post(f"{at(said)}/restore")) == (403, "scope_missing")


def test_a_list_has_every_comment_once(api, talk, place):
    rows = [
        Comment(
            task=talk.task,
            author=talk.board.owner,
            body=f"N{number}",
            sent_as=UNKNOWN[:-3] + f"{number:03}",
        )
        for number in range(120)
    ]
    with no_context(), talk.inside():
        Comment.objects.bulk_create(rows)
    found = [one["body"] for one in api.every(place)]
    assert len(found) == len(set(found)) == 120


@pytest.mark.parametrize("body", ["", "  ", "\u200b", "a\0b", "x" * 20_001, None, 5])
def test_what_says_nothing_is_refused(api, talk, place, ours, body):
    assert wheres(api.post(place, {"body": body})) == ["body.body"]
    assert wheres(api.patch(at(ours), {"body": body})) == ["body.body"]
    assert talk.bodies() == ["Shipped."]


@given(body=st.text(max_size=300))
def test_any_text_is_kept_or_refused(api, place, body):
    assert api.post(place, {"body": body}).status_code in (201, 422)


def test_a_comment_changed_meanwhile_is_left(api, ours):
    read = api.get(at(ours)).headers["ETag"]
    assert api.patch(at(ours), {"body": "A"}, If_Match=read).status_code == 200
    late = api.patch(at(ours), {"body": "B"}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at(ours), If_Match=read)) == (412, "changed_meanwhile")


def test_a_key_to_read_says_nothing(cast, talk, place, ours):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    assert len(reader.get(place).json()["items"]) == 1
    for answer in (
        reader.post(place, {"body": "No"}),
        reader.patch(at(ours), {"body": "No"}),
        reader.delete(at(ours)),
    ):
        assert code(answer) == (403, "scope_missing")
    assert talk.bodies() == ["Shipped."]


def test_talk_of_others_is_missing(cast, place, ours):
    theirs = Program(cast.globex, cast.charlie)
    for path in (place, at(ours), f"/tasks/{UNKNOWN}/comments", f"/comments/{UNKNOWN}"):
        assert code(theirs.get(path)) == (404, "not_found")
    for path in (at(ours), f"/comments/{UNKNOWN}"):
        assert code(theirs.patch(path, {"body": "x"})) == (404, "not_found")
        assert code(theirs.delete(path)) == (404, "not_found")


def test_the_same_post_sent_twice_is_said_once(api, talk, place):
    for _time in range(2):
        sent = api.post(place, {"body": "Once"}, Idempotency_Key="k")
        assert sent.status_code == 201
    assert talk.bodies() == ["Once"]


def test_pages_show_the_program_that_spoke(api, talk, ours, as_bob, as_alice):
    text = as_bob.get(talk.page).content.decode()
    assert f'<b class="medium">{api.key}</b>' in text
    assert 'class="avatar key"' in text
    assert as_bob.get(f"/tasks/comments/{ours['id']}/edit/").status_code == 302
    removed = as_alice.post(f"/tasks/comments/{ours['id']}/delete/")
    assert removed.status_code == 302
    assert talk.bodies() == []
