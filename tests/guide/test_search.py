"""Finding articles: every word or its beginning, titles first, whatever is typed."""

import pytest
from django.test import Client

from config.guide import searching
from config.guide.searching import LONGEST, MOST_HITS, MOST_OF_ARTICLE, find
from config.guide.shelf import ORDER, article
from tests.guide.conftest import DOCS, EVERY, HTMX, LANGUAGES, links, part

ODD = {
    "blanks": "   ",
    "a percent sign": "%",
    "an underscore": "_",
    "quotes": "\"'`",
    "markup": "<script>alert(1)</script>",
    "an emoji": "🙂",
    "a family": "👨‍👩‍👧",
    "very long": "a" * 5_000,
    "many words": "task " * 2_000,
    "a backslash": "\\",
    "a pattern": "(.*)+[",
    "another script": "задача",
    "right to left": "\u202eevil",
    "a half": "\ud800",
}


def names(text, language="en"):
    return [hit.article.name for hit in find(text, language)]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_an_article_is_found_first_by_its_title(name, language):
    found = find(article(name, language).title, language)
    assert found[0].article.name == name
    assert found[0].heading == ""


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_part_is_found_by_its_heading(name, language):
    for section in article(name, language).sections[1:]:
        found = [hit.url for hit in find(section.title, language)]
        assert f"/docs/{name}/#{section.anchor}" in found, section.title


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("webhook", "en", "webhooks"),
        ("WEBHOOKS", "en", "webhooks"),
        ("invit", "en", "inviting"),
        ("roles rights", "en", "roles"),
        ("rights roles", "en", "roles"),
        ("keyboard", "en", "keyboard"),
        ("etikett", "de", "labels-and-files"),
        ("datenschutz", "de", "privacy"),
        ("rollen", "de", "roles"),
        ("tastatur", "de", "keyboard"),
    ],
)
def test_the_best_stands_first(typed, language, first):
    assert names(typed, language)[0] == first


@pytest.mark.parametrize("typed", ["rückgängig", "ruckgangig", "RÜCKGÄNGIG", "rückgän"])
def test_accents_and_case_make_no_difference(typed):
    assert names(typed, "de")[0] == "many-at-once"


def test_every_word_must_be_there():
    assert "webhooks" in names("secret")
    assert names("secret zebra") == []


def test_a_part_may_be_about_a_word_of_the_title_alone():
    urls = [hit.url for hit in find("webhooks secret", "en")]
    assert "/docs/webhooks/#a-new-secret" in urls


def test_a_heading_counts_more_than_text():
    found = find("undo", "en")
    first = next(at for at, hit in enumerate(found) if hit.heading == "Undo")
    other = next(at for at, hit in enumerate(found) if "Undo" not in hit.heading and at)
    assert first < other


def test_a_whole_word_counts_more_than_a_beginning():
    entry = searching.index("en")[0]
    whole, beginning = searching.best(entry, "first"), searching.best(entry, "fir")
    assert whole == 2 * beginning > 0


def test_middles_of_words_are_not_looked_for():
    assert names("ebhook") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_looked_for_in_itself(language):
    other = {"en": "Aufgaben", "de": "everybody"}[language]
    assert names(other, language) == []


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_words_find_nothing_or_something_and_never_fail(text):
    found = find(text, "en")
    assert len(found) <= MOST_HITS


def test_one_article_does_not_fill_the_page():
    for typed in ("a", "the", "task", "o"):
        found = names(typed)
        assert len(found) <= MOST_HITS
        assert max(found.count(name) for name in ORDER) <= MOST_OF_ARTICLE


def test_what_was_found_is_marked_and_the_rest_is_text():
    assert (
        searching.marked("<b> Task & task's tasking </b>", ["task"])
        == "&lt;b&gt; <mark>Task</mark> &amp; <mark>task</mark>&#x27;s"
        " <mark>tasking</mark> &lt;/b&gt;"
    )


def test_accents_are_kept_in_what_is_marked():
    assert searching.marked("Löschen", ["losch"]) == "<mark>Löschen</mark>"


def test_a_long_text_is_shown_around_the_word():
    text = "before " * 40 + "needle " + "after " * 80
    shown = searching.around(text, ["needle"])
    assert "needle" in shown
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert len(shown) < searching.SHOWN + 10


def test_a_short_text_is_shown_whole():
    assert searching.around("One needle here.", ["needle"]) == "One needle here."
    assert searching.around("", ["needle"]) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two   words ", "two words"),
        ("a\0b", "a b"),
        ("x" * 300, "x" * LONGEST),
        ("\n\t", ""),
    ],
)
def test_what_is_typed_is_tidied(typed, kept):
    assert searching.tidy(typed) == kept


def test_the_page_shows_what_was_found_with_its_place(db):
    answer = Client().get(DOCS, {"q": "ownership"})
    assert answer.status_code == 200
    found = links(part(answer.text, 'id="found"', "</main>"))
    assert found["Roles and rights › Ownership"] == "/docs/roles/#ownership"
    assert "<mark>ownership</mark>" in answer.text
    assert 'value="ownership"' in answer.text


def test_the_page_says_how_much_was_found(db):
    answer = Client().get(DOCS, {"q": "passkey"})
    hits = find("passkey", "en")
    assert len(hits) > 1
    assert f"{len(hits)} places found" in answer.text
    assert "1 place found" in Client().get(DOCS, {"q": "trello"}).text
    assert 'role="status"' in answer.text


def test_nothing_found_is_said_in_a_sentence_and_the_words_are_kept(db):
    answer = Client().get(DOCS, {"q": "zebra <b>"})
    assert answer.status_code == 200
    assert "Nothing fits these words" in answer.text
    assert "0 places found" in answer.text
    assert 'value="zebra &lt;b&gt;"' in answer.text
    assert "zebra <b>" not in answer.text


def test_no_words_show_the_contents(db):
    for query in ({}, {"q": ""}, {"q": "   "}):
        answer = Client().get(DOCS, query)
        assert 'class="shelves"' in answer.text
        assert "found</p>" not in answer.text


def test_htmx_gets_the_part_that_narrows(db):
    answer = Client().get(DOCS, {"q": "webhook"}, headers=HTMX)
    assert answer.text.strip().startswith('<div class="stack" id="found">')
    assert "<html" not in answer.text
    back = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in Client().get(DOCS, {"q": "webhook"}, headers=back).text


@pytest.mark.parametrize("text", [*list(ODD.values())[:-1]], ids=list(ODD)[:-1])
def test_odd_words_in_the_address_get_a_page(db, text):
    for page in (DOCS, "/jump/"):
        assert Client().get(page, {"q": text}).status_code == 200


def test_what_nobody_can_read_is_refused_as_everywhere(db):
    for page in (DOCS, "/jump/"):
        assert Client().get(f"{page}?q=%00").status_code == 400
        assert Client().get(f"{page}?q=%ff%fe").status_code in (200, 400)
