"""Readers of the guide: what a page says to them and where it leads."""

import html
import re
from html.parser import HTMLParser

import pytest

from config.guide.shelf import ORDER
from organizations.tenancy import identity

LANGUAGES = ("en", "de")
DOCS, JUMP = "/docs/", "/jump/"
HTMX = {"HX-Request": "true"}
EVERY = [(name, language) for language in LANGUAGES for name in ORDER]


class Links(HTMLParser):
    """Collects the links of a page: address and words."""

    def __init__(self):
        super().__init__()
        self.found, self.at = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.at = dict(attrs).get("href", "")
            self.found.append([self.at, ""])

    def handle_endtag(self, tag):
        if tag == "a":
            self.at = None

    def handle_data(self, data):
        if self.at is not None:
            self.found[-1][1] += data


def links(markup):
    """Return the links in markup, address by words."""
    reader = Links()
    reader.feed(markup)
    return {" ".join(words.split()): address for address, words in reader.found}


def part(page, opening, closing):
    """Return a piece of a page."""
    return page.partition(opening)[2].partition(closing)[0]


def offered(answer):
    """Return what the way to any page offers, address by title."""
    return links(part(answer.text, 'id="jump-found"', "</main>"))


def text_of(markup):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


@pytest.fixture
def speaks():
    def choose(person, language):
        with identity():
            person.language = language
            person.save(update_fields=["language"])

    return choose
