"""The docs' pages: open to everybody, in their language, and linked from where one is."""

import re

import pytest
from django.conf import settings
from django.test import Client

from config.guide.shelf import ORDER, article
from tests.guide.conftest import DOCS, EVERY, links, part

GERMAN = {"Accept-Language": "de-AT,de;q=0.9"}


def page_of(name, language="en"):
    return Client().get(f"{DOCS}{name}/", headers={"Accept-Language": language})


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_an_article_is_a_page_with_title_summary_and_one_address(db, name, language):
    answer, found = page_of(name, language), article(name, language)
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    title = part(answer.text, "<title>", "</title>")
    assert title.split("·")[0].strip() == found.title
    assert f'<meta name="description" content="{found.summary}">' in answer.text
    base = settings.BASE_URL.rstrip("/")
    assert f'<link rel="canonical" href="{base}{DOCS}{name}/">' in answer.text


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_an_article_has_one_title_and_ways_to_its_parts(db, name, language):
    text = page_of(name, language).text
    assert len(re.findall("<h1", text)) == 1
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    for section in article(name, language).sections[1:]:
        assert f'href="#{section.anchor}"' in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_contents_lead_to_every_article(db, language):
    text = Client().get(DOCS, headers={"Accept-Language": language}).text
    found = links(part(text, 'class="shelves"', "</main>"))
    expected = {article(name, language).title: f"{DOCS}{name}/" for name in ORDER}
    assert found == expected


def test_an_article_marks_itself_in_the_contents(db):
    marked = re.findall(r'href="([^"]+)"\s+aria-current="page"', page_of("teams").text)
    assert marked.count("/docs/teams/") == 2
    assert "/docs/roles/" not in marked


def test_an_article_leads_to_the_ones_beside_it(db):
    for at, name in enumerate(ORDER):
        text = page_of(name).text
        beside = part(text, 'class="guide-beside"', "</nav>")
        assert ('rel="prev"' in beside) is (at > 0)
        assert ('rel="next"' in beside) is (at + 1 < len(ORDER))


@pytest.mark.parametrize(
    "name", ["nothing", "..", "first-steps.md", "FIRST-STEPS", "a" * 300, "en"]
)
def test_an_article_that_is_not_there_is_missing(db, name):
    assert Client().get(f"{DOCS}{name}/").status_code == 404


def test_a_search_is_no_address_of_its_own(db):
    text = Client().get(DOCS, {"q": "role"}).text
    assert f'href="{settings.BASE_URL.rstrip("/")}{DOCS}"' in text


@pytest.mark.parametrize("address", [DOCS, "/docs/roles/", "/jump/"])
def test_only_looking_is_allowed(db, address):
    assert Client().post(address).status_code == 405


def test_members_read_in_the_language_they_chose(cast, as_bob, speaks):
    speaks(cast.bob, "de")
    answer = as_bob.get(f"{DOCS}roles/", headers={"Accept-Language": "en"})
    assert "Rollen und Rechte" in answer.text
    assert "Zurück" in answer.text


def test_strangers_read_in_the_language_of_their_browser(db):
    assert "Rollen und Rechte" in Client().get(f"{DOCS}roles/", headers=GERMAN).text
    assert "Roles and rights" in page_of("roles", "fr").text


@pytest.mark.parametrize("address", ["/", "/pricing/", "/api/v1/docs", DOCS])
def test_public_pages_lead_to_the_docs_above_and_below(db, address):
    text = Client().get(address).text
    for opening, closing in (("<header", "</header>"), ("<footer", "</footer>")):
        found = links(part(text, opening, closing)).values()
        assert {"/docs/", "/pricing/", "/api/v1/docs"} <= set(found)


def test_the_account_menu_leads_to_the_docs(as_bob):
    menu = part(as_bob.get("/tasks/").text, 'id="account"', "</form>")
    assert links(menu)["Docs"] == DOCS


def test_the_landing_page_says_what_it_is_and_leads_on(db):
    text = Client().get("/").text
    assert len(re.findall("<h1", text)) == 1
    for heading in ("What you do here", "How the walls work", "Have a closer look"):
        assert heading in text
    found = set(links(text).values())
    assert {"/accounts/signup/", "/accounts/login/", "/docs/privacy/"} <= found
    assert '<meta name="description"' in text


def test_a_closed_server_offers_no_account_on_its_landing_page(db, settings):
    settings.SIGNUP_MODE = "closed"
    text = Client().get("/").text
    assert 'href="/accounts/signup/"' not in text
    assert 'href="/accounts/login/"' in text


def test_the_image_takes_the_articles_along():
    root = settings.BASE_DIR
    assert "COPY config config" in (root / "Dockerfile").read_text(encoding="utf-8")
    ignored = (root / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"config", "*.md", "**/*.md", "**/articles"} & set(ignored)
