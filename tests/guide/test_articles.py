"""Each article is there in every language, leads somewhere, and says what is so."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from config.guide import facts, shelf
from config.guide.drawing import drawn
from config.guide.facts import FACT, FACTS, filled
from config.guide.shelf import FOLDER, GROUPS, ORDER, article
from config.hotkeys import GROUPS as KEYS
from organizations.models import Role
from organizations.permissions import ABILITIES, roles_with
from tests.guide.conftest import EVERY, LANGUAGES, links, text_of

every = pytest.mark.parametrize(("name", "language"), EVERY)
LINK = re.compile(r"\]\(([^)]+)\)")
TAGS = re.compile(r"<(\w+)")
# A number that stands in an article by itself is one nobody checks.
NUMBER = re.compile(r"\b\d{2,}\b")
# An address of the example, the codes of HTTP, and what a task is called.
KNOWN_NUMBERS = {"142", "429"}
NOTHING = "/nowhere/at/all/"


def source(name, language):
    return (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")


def targets(name, language):
    return LINK.findall(source(name, language))


def anchors(name, language):
    return [section.anchor for section in article(name, language).sections]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shelf_holds_the_files_and_no_others(language):
    assert {path.stem for path in (FOLDER / language).glob("*")} == set(ORDER)


def test_every_language_of_the_product_has_articles():
    spoken = {code for code, _name in settings.LANGUAGES}
    assert {path.name for path in FOLDER.iterdir()} == spoken == set(LANGUAGES)


def test_no_article_stands_in_two_groups():
    assert len(set(ORDER)) == len(ORDER) == sum(len(names) for _t, names in GROUPS)


@every
def test_an_article_has_a_title_a_summary_and_parts(name, language):
    found = article(name, language)
    assert source(name, language).startswith(f"# {found.title}\n\n")
    assert 3 < len(found.title) < 60
    assert 20 < len(found.summary) < 160
    assert len(found.sections) >= 3
    assert all(one.title and one.anchor for one in found.sections[1:])


@every
def test_anchors_of_an_article_are_its_own(name, language):
    found = anchors(name, language)
    assert len(set(found)) == len(found)
    for anchor in found[1:]:
        assert f'id="{anchor}"' in article(name, language).markup


@pytest.mark.parametrize("name", ORDER)
def test_an_article_has_the_same_parts_and_links_in_each_language(name):
    english, german = (anchors(name, language) for language in LANGUAGES)
    assert len(english) == len(german)
    pages = [
        {target.partition("#")[0] for target in targets(name, language)}
        for language in LANGUAGES
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("name", ORDER)
def test_an_article_tells_the_same_numbers_in_each_language(name):
    english, german = (
        sorted(FACT.findall(source(name, language))) for language in LANGUAGES
    )
    assert english == german


@every
def test_links_of_an_article_lead_somewhere(name, language):
    for target in targets(name, language):
        page, _mark, anchor = target.partition("#")
        if page.endswith(".md"):
            other = page.removesuffix(".md")
            assert other in ORDER, target
            assert not anchor or anchor in anchors(other, language), target
        elif page.startswith("/"):
            assert resolve(page), target
        else:
            assert page.startswith("https://"), target


@every
def test_numbers_of_an_article_come_from_the_product(name, language):
    text = FACT.sub("", source(name, language))
    without_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert set(NUMBER.findall(without_code)) - KNOWN_NUMBERS == set()


@every
def test_every_fact_is_filled_in(name, language):
    assert "{{" not in article(name, language).markup
    assert "{{" not in "".join(one.text for one in article(name, language).sections)


def test_every_fact_is_told():
    told = {fact for each in EVERY for fact in FACT.findall(source(*each))}
    assert told == set(FACTS)


def test_an_unknown_fact_is_an_error():
    with pytest.raises(KeyError):
        filled("After {{ nobody_knows }} days.")


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("address_days", 90),
        ("archive_days", 7),
        ("copy_days", 7),
        ("digest_hour", 8),
        ("file_megabytes", 10),
        ("files_of_task", 25),
        ("invitation_days", 7),
        ("invitations_at_once", 200),
        ("key_overlap_hours", 24),
        ("labels", 200),
        ("lines_at_once", 200),
        ("offer_days", 7),
        ("restore_days", 30),
        ("undo_days", 30),
        ("webhook_log_days", 30),
        ("webhook_patience_days", 5),
        ("webhook_rotation_hours", 24),
        ("webhook_seconds", 15),
        ("webhook_tries", 8),
    ],
)
def test_a_fact_is_a_whole_number(fact, value):
    assert FACTS[fact]() == value
    assert filled(f"{{{{ {fact} }}}}.") == f"{value}."


def test_lengths_are_counted_in_their_unit():
    assert facts.days(timedelta(days=7)) == 7
    assert facts.hours(timedelta(days=1)) == 24
    assert facts.megabytes(10_000_000) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_rights_is_the_table_of_the_product(language):
    rows = article("roles", language).markup.partition("<tbody>")[2].split("<tr>")[1:]
    with translation.override(language):
        expected = [
            [str(words), *("✓" if role in roles_with(name) else "–" for role in Role)]
            for name, (_roles, words) in ABILITIES.items()
        ]
    read = [re.findall(r"<td>(.*?)</td>", row) for row in rows[: len(expected)]]
    assert read == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keyboard_article_tells_every_key(language):
    said = text_of(article("keyboard", language).markup)
    with translation.override(language):
        for name, keys in KEYS:
            assert str(name) in said
            for key in keys:
                ways = (" ".join(shown) for _key, shown in key.drawn)
                assert f"{' / '.join(ways)} {key.does}" in said


@every
def test_keys_named_in_an_article_are_keys_of_the_product(name, language):
    shown = {
        each
        for _name, keys in KEYS
        for key in keys
        for _key, drawn_as in key.drawn
        for each in drawn_as
    } | {"K", "Ctrl", "@"}
    found = re.findall(r"`([^`\n]{1,2}|Ctrl)`", source(name, language))
    assert set(found) - shown == set()


@every
def test_an_article_is_drawn_with_few_tags(name, language):
    tags = set(TAGS.findall(article(name, language).markup))
    known = {"h2", "p", "a", "ul", "ol", "li", "code", "pre", "strong"}
    table = {"div", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags <= known | table


def test_markup_in_an_article_is_shown_as_text():
    made = drawn(
        "first-steps", "# A\n\nB <i>c</i>\n\n## D\n\n<script>x</script>\n", "en"
    )
    assert "<script>" not in made.markup
    assert "&lt;script&gt;" in made.markup
    assert made.summary == "B <i>c</i>"


def test_headings_of_the_same_words_have_anchors_of_their_own():
    made = drawn("first-steps", "# A\n\nB.\n\n## D\n\n## D\n\n## ✓\n\nE.\n", "en")
    assert [one.anchor for one in made.sections] == ["", "d", "d-1", "part"]
    assert [one.text for one in made.sections] == ["B.", "", "", "E."]


def test_code_and_tables_can_be_scrolled_by_keys():
    assert '<pre><code tabindex="0">' in article("api-keys", "en").markup
    assert '<div class="table-wrap" tabindex="0">' in article("roles", "en").markup


def test_links_between_articles_are_addresses():
    found = links(article("first-steps", "en").markup)
    assert found["invite people"] == "/docs/inviting/"
    made = drawn("first-steps", "# A\n\nB.\n\n[c](roles.md#ownership)\n", "en")
    assert links(made.markup) == {"c": "/docs/roles/#ownership"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_stand_in_a_row(language):
    assert shelf.beside(ORDER[0], language)[0] is None
    assert shelf.beside(ORDER[-1], language)[1] is None
    for before, after in pairwise(ORDER):
        assert shelf.beside(before, language)[1].name == after
        assert shelf.beside(after, language)[0].name == before


def test_another_language_reads_english():
    with translation.override("fr"):
        assert shelf.language() == "en"
    with translation.override("de-at"):
        assert shelf.language() == "de"
    with translation.override(None):
        assert shelf.language() == "en"


def test_an_article_is_drawn_once_a_process():
    assert article("teams", "de") is article("teams", "de")


def test_addresses_that_are_not_are_noticed_by_the_proof_above():
    with pytest.raises(Resolver404):
        resolve(NOTHING)


def test_what_articles_say_is_public_opens_for_strangers(db):
    client = Client()
    for address in ("/pricing/", "/api/v1/docs", "/api/v1/openapi.json"):
        assert client.get(address).status_code == 200


def test_what_is_searched_has_words_and_none_of_a_tables_marks():
    made = drawn(
        "roles",
        "# A\n\nB.\n\n## C\n\n| D | E |\n| - | - |\n| F 2 | ✓ |\n| G | – |\n",
        "en",
    )
    assert made.sections[1].text == "D E F 2 G"
