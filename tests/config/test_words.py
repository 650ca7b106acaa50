"""What somebody who reads German sees: no page, form or console speaks English."""

import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.urls import reverse

from config.catalogues import catalogue, read
from config.operator.site import site
from organizations.tenancy import identity
from tests.isolation.test_matrix import OURS, SAMPLES, address, kind_of, undone

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])

# What is written in English for everybody: the API's, and what programs read.
ENGLISH = {"reference:api_reference"}
# Nobody reads these as words of ours.
SILENT = {"script", "style", "code", "pre", "svg", "textarea", "time"}
TOLD = ("title", "alt", "aria-label", "placeholder", "aria-description")
EMPTY = {"img", "input", "br", "hr", "meta", "link", "use", "path", "source", "wbr"}
# Words that every English sentence has one of, and no German one.
GIVEAWAY = re.compile(
    r"\b(the|of|is|are|you|your|and|to|with|for|this|that|it|from|by|not|no|has|have"
    r"|can|be|at|or|on|all|what|who|new|show|save|add|open|more|edit|delete|remove"
    r"|members?|tasks?|settings|none|yes|select|choose|back|cancel)\b",
    re.IGNORECASE,
)
# Addresses, codes, places, initials and files are called the same in every language.
NAMES = re.compile(
    r"\S+@\S+|https?://\S+|\b[a-z_]+\.[a-z_]+\b|\b[A-Z][a-z]+/[A-Z].+|\b[A-Z]{2}\b"
    r"|Standard Webhooks|^Dieses Objekt für eine Aktion.*"
)
# Queues have names, and flags what staff wrote about them.
DATA = {"events", "Replay of all failed deliveries"}
# The names of recorded fields and their values are codes; a file has its own headings.
AS_RECORDED = {"audit:entry_list", "audit:entry_detail", "imports:import_map"}


class Reader(HTMLParser):
    """Collects what a page says: its text, and what is read out of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.said += [given[name] for name in TOLD if given.get(name)]
        if tag == "input" and given.get("type") == "submit":
            self.said.append(given.get("value", ""))
        if tag not in EMPTY and (self.silent or hushed(tag, given)):
            self.silent.append(tag)

    def handle_endtag(self, tag):
        if self.silent and tag not in EMPTY:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.said.append(" ".join(data.split()))


def hushed(tag, given):
    # A key's name, an action's code: what stands in a code's letters.
    return tag in SILENT or "mono" in (given.get("class") or "").split()


def said_on(answer):
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = Reader()
    reader.feed(answer.content.decode())
    return reader.said


@pytest.fixture(scope="module")
def english():
    """English sentences that German says in other words."""
    entries = read(catalogue("de"))
    german = {text for entry in entries for text in entry.said}
    return {entry.parts["msgid"] for entry in entries} - german


def suspicious(answer, english):
    return {
        said
        for said in said_on(answer)
        if said in english or GIVEAWAY.search(NAMES.sub("", said))
    }


def german(person):
    with identity():
        person.language = "de"
        person.save(update_fields=["language"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_page_speaks_english_to_germans(method, cast, as_alice, english):
    german(cast.alice)
    keys = {name: make(cast, "acme") for name, make in SAMPLES.items()}
    found, pages = {}, 0
    for route in OURS:
        if method not in route.methods or route.name in ENGLISH:
            continue
        answer = undone(as_alice, method, address(route, keys.get(kind_of(route))))
        pages += bool(said_on(answer))
        words = suspicious(answer, english)
        if route.name in AS_RECORDED:
            words = {text for text in words if " " in text.removesuffix(" at")}
        if words:
            found[route.name] = words
    assert pages > (50 if method == "GET" else 20)
    assert found == {}


def test_no_page_of_the_console_speaks_english_to_germans(cast, as_olga, english):
    german(cast.olga)
    found = {}
    for where in places_of_the_console():
        with transaction.atomic():
            answer = as_olga.get(where)
            transaction.set_rollback(True)
        if words := suspicious(answer, english) - DATA:
            found[where] = words
    assert found == {}


def places_of_the_console():
    yield reverse("admin:index")
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"admin:{name}_changelist")
        yield reverse(f"admin:{name}_add")
