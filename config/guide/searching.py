"""Looking for words: in articles, in titles of pages; a small index kept in memory."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from config.guide.drawing import Article
from config.guide.shelf import ORDER, article

LONGEST: Final = 200
MOST_WORDS: Final = 10
MOST_HITS: Final = 20
MOST_OF_ARTICLE: Final = 3
# Characters shown before what was found, and altogether.
BEFORE, SHOWN = 60, 220
WORD: Final = re.compile(r"\w+")
# What a word counts where it stands; a whole word counts one more than a beginning.
TITLE, HEADING, TEXT = 100, 10, 1


class Entry(NamedTuple):
    """One section of an article with the words of its title, heading and text.

    A section may be about a word that only the article's title says: `about`.
    """

    article: Article
    at: int
    fields: tuple[tuple[int, frozenset[str]], ...]
    about: frozenset[str]


class Hit(NamedTuple):
    """One place that was found: where it is, and what stands there."""

    article: Article
    url: str
    heading: str
    excerpt: SafeString


def tidy(text: str) -> str:
    """Return what somebody typed: short, and with single blanks."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST].strip()


def folded(text: str) -> str:
    """Return a text without case and accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def words_of(text: str) -> list[str]:
    return [folded(found) for found in WORD.findall(text)]


def find(text: str, language: str) -> list[Hit]:
    """Return the sections that hold every word or its beginning, the best first."""
    words = words_of(tidy(text))[:MOST_WORDS]
    if not words:
        return []
    ranked = sorted(
        ((score(entry, words), -at, entry) for at, entry in enumerate(index(language))),
        key=lambda found: found[:2],
        reverse=True,
    )
    hits: list[Hit] = []
    for points, _at, entry in ranked:
        same = sum(hit.article is entry.article for hit in hits)
        if points and same < MOST_OF_ARTICLE and len(hits) < MOST_HITS:
            hits.append(shown(entry, words))
    return hits


@cache
def index(language: str) -> tuple[Entry, ...]:
    """Return all sections of a language, made once a process."""
    return tuple(entry for name in ORDER for entry in entries(article(name, language)))


def entries(found: Article) -> Iterator[Entry]:
    """Yield an article's sections; its title belongs to the first."""
    about = frozenset(words_of(found.title))
    for at, section in enumerate(found.sections):
        fields = (
            (TITLE, frozenset() if at else about),
            (HEADING, frozenset(words_of(section.title))),
            (TEXT, frozenset(words_of(section.text))),
        )
        yield Entry(found, at, fields, about)


def score(entry: Entry, words: Iterable[str]) -> int:
    """Return how well a section fits; 0 where a word is missing."""
    points = {word: best(entry, word) for word in words}
    missing = [word for word, found in points.items() if not found]
    known = all(begins(entry.about, word) for word in missing)
    return sum(points.values()) if known else 0


def best(entry: Entry, word: str) -> int:
    for weight, known in entry.fields:
        if word in known:
            return weight * 2
        if begins(known, word):
            return weight
    return 0


def begins(known: Iterable[str], word: str) -> bool:
    return any(one.startswith(word) for one in known)


def shown(entry: Entry, words: list[str]) -> Hit:
    section = entry.article.sections[entry.at]
    anchor = f"#{section.anchor}" if section.anchor else ""
    return Hit(
        entry.article,
        entry.article.url + anchor,
        section.title,
        marked(around(section.text, words), words),
    )


def around(text: str, words: list[str]) -> str:
    """Return the piece of a text that stands around the first word found."""
    spots = (found.start() for found in WORD.finditer(text) if fits(found[0], words))
    start = max(next(spots, 0) - BEFORE, 0)
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + SHOWN]
    if start + SHOWN < len(text):
        piece = piece.rpartition(" ")[0] + " …"
    return f"… {piece}" if start else piece


def fits(found: str, words: Iterable[str]) -> bool:
    return folded(found).startswith(tuple(words))


def marked(text: str, words: list[str]) -> SafeString:
    """Return a text as markup with what was found marked in it."""
    pieces, end = [], 0
    for found in WORD.finditer(text):
        if fits(found[0], words):
            pieces.append((text[end : found.start()], found[0]))
            end = found.end()
    drawn = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", drawn, text[end:])
