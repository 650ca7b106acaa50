"""Naming colleagues behind an @."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations import flows
from organizations.tenancy import identity, no_context
from tasks.comments.mentions import drawn, named_in
from tests.comments.conftest import HTMX
from tests.conftest import join, make_user

NAMES = ["Ann", "Ann Lee", "Ann Lee-Smith", "Zoë Ünal", "Bob (Ops)", "O'Neil C++"]
WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
SPACE = st.sampled_from([" ", ", ", ". ", "\n\n", " (", ": "])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann", {"Ann"}),
        ("@ann lee, look", {"Ann Lee"}),
        ("@Ann Leeds", {"Ann"}),
        ("@Ann Lee-Smith!", {"Ann Lee-Smith"}),
        ("@Annabel", set()),
        ("mail@Ann", set()),
        ("Ann", set()),
        ("@ Ann", set()),
        ("@zoë ünal and @ANN", {"Zoë Ünal", "Ann"}),
        ("(@Bob (Ops))", {"Bob (Ops)"}),
        ("@O'Neil C++ knows", {"O'Neil C++"}),
        ("**@Ann Lee**", {"Ann Lee"}),
        ("> @Ann said so", {"Ann"}),
        ("`@Ann`", set()),
        ("```\n@Ann\n```", set()),
        ("[@Ann](https://example.com)", set()),
        ("@@Ann", {"Ann"}),
        ("@Ann_x", set()),
    ],
)
def test_the_longest_name_counts_and_ends_with_its_word(text, found):
    assert named_in(text, NAMES) == found
    assert drawn(text, NAMES).count('class="mention"') == len(found)


def test_the_mark_keeps_what_was_typed():
    assert '<span class="mention">@ann LEE</span>, look' in drawn(
        "@ann LEE, look", NAMES
    )


@pytest.mark.parametrize("names", [[], [""], ["  "]])
def test_nobodys_name_stays_text(names):
    assert named_in("@Ann @ @  ", names) == set()
    assert drawn("@Ann", names) == "<p>@Ann</p>\n"


@given(words=st.lists(st.tuples(WORD, SPACE), max_size=8), name=WORD)
def test_a_name_is_found_wherever_it_is_put(words, name):
    text = "".join(word + space for word, space in words)
    assert name in named_in(f"{text}\n\n@{name}", [name, f"{name}x{name}"])


@given(text=st.text(max_size=80), names=st.lists(st.text(max_size=12), max_size=5))
def test_whatever_is_typed_is_read_and_drawn_without_harm(text, names):
    found = named_in(text, names)
    assert found <= set(names)
    markup = drawn(text, names)
    assert markup.count('<span class="mention">') >= len(found)
    assert "<script" not in markup
    assert "onload" not in markup or "onload" in text


@given(text=st.text("@AnnLe bo\n*`[]()<>", max_size=60))
def test_what_is_found_is_what_is_marked(text):
    marked = '<span class="mention">' in drawn(text, NAMES)
    assert marked is bool(named_in(text, NAMES))


def test_a_mention_is_kept_marked_and_makes_a_watcher(as_bob, cast, talk):
    as_bob.post(talk.new, {"body": "Thanks, @vera example."})
    assert talk.mentioned() == {cast.vera.pk}
    assert {"Vera", "Bob"} <= talk.watchers()
    page = as_bob.get(talk.page).text
    assert '<span class="mention">@vera example</span>' in page


def test_nobody_of_another_organization_can_be_mentioned(as_bob, cast, talk):
    as_bob.post(talk.new, {"body": "@Charlie Example @Olga Example @Nobody There"})
    assert talk.mentioned() == set()
    assert "mention" not in talk_of(as_bob.get(talk.page).text)


def talk_of(page):
    return page.split('id="timeline"')[1].split("</ol>")[0]


def test_who_is_suspended_is_neither_mentioned_nor_offered(
    as_bob, cast, talk, inside_acme
):
    with no_context(), inside_acme():
        member = cast.acme.memberships.get(user=cast.vera)
        flows.suspend_member(membership=member, by=cast.alice)
    as_bob.post(talk.new, {"body": "@Vera Example"})
    assert talk.mentioned() == set()
    assert "Vera" not in as_bob.get(f"{talk.page}comments/people/?q=Ve").text


def test_two_of_the_same_name_are_both_meant(as_bob, cast, talk):
    twin = make_user("vera2", first_name="Vera")
    join(cast.acme, twin, "member")
    as_bob.post(talk.new, {"body": "@Vera Example"})
    assert talk.mentioned() == {cast.vera.pk, twin.pk}


def test_an_edit_forgets_and_adds_mentions(as_bob, cast, talk, where):
    comment = talk.say("@Vera Example and @Adam Example", by=cast.bob)
    body = "@Adam Example and @Alice Example"
    as_bob.post(where(comment, "edit/"), {"body": body})
    assert talk.mentioned() == {cast.adam.pk, cast.alice.pk}


def test_a_new_name_does_not_unmark_what_was_said(as_bob, cast, talk):
    talk.say("Thanks, @Vera Example.", by=cast.bob)
    with no_context(), identity(cast.vera):
        type(cast.vera).objects.filter(pk=cast.vera.pk).update(last_name="Novak")
    assert '<span class="mention">@Vera Example' in as_bob.get(talk.page).text


def test_who_leaves_is_mentioned_no_longer_and_the_text_stays(
    as_bob, cast, talk, inside_acme
):
    talk.say("Thanks, @Vera Example.", by=cast.bob)
    with no_context(), inside_acme():
        member = cast.acme.memberships.get(user=cast.vera)
        flows.remove_member(membership=member, by=cast.alice)
    assert talk.mentioned() == set()
    page = talk_of(as_bob.get(talk.page).text)
    assert "Thanks, @Vera Example." in page


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", {"Adam Example", "Alice Example", "Bob Example", "Vera Example"}),
        ("al", {"Alice Example"}),
        ("ALICE  ex", {"Alice Example"}),
        ("Exam", {"Adam Example", "Alice Example", "Bob Example", "Vera Example"}),
        ("charlie", set()),
        ("%", set()),
        ("x" * 101, set()),
    ],
)
def test_colleagues_are_offered_by_the_beginnings_of_their_names(
    as_bob, talk, typed, names
):
    answer = as_bob.get(f"{talk.page}comments/people/", {"q": typed}, **HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    offered = {part.split('"')[0] for part in answer.text.split('data-name="')[1:]}
    assert offered == names


def test_at_most_eight_are_offered(as_bob, cast, talk):
    for number in range(9):
        join(cast.acme, make_user(f"zed{number}"), "member")
    page = as_bob.get(f"{talk.page}comments/people/", {"q": "zed"}).text
    assert page.count('role="option"') == 8


def test_nobody_is_offered_beside_a_foreign_task(as_charlie, talk):
    assert as_charlie.get(f"{talk.page}comments/people/").status_code == 404
