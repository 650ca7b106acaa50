"""An article: a file in Markdown, as markup with anchors and as text to be searched."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from config.guide.facts import filled

SUFFIX: Final = ".md"


class Section(NamedTuple):
    """A part of an article below one heading; the first has neither name nor title."""

    anchor: str
    title: str
    text: str


class Article(NamedTuple):
    """One article in one language."""

    name: str
    title: str
    summary: str
    markup: SafeString
    sections: tuple[Section, ...]

    @property
    def url(self) -> str:
        return reverse("guide:article", args=[self.name])


def drawn(name: str, text: str, language: str) -> Article:
    """Return an article: its first line is its title, its first paragraph the summary.

    The files are ours, and markup in them is shown as text.
    """
    with translation.override(language):
        tokens = parser().parse(filled(text))
    title, summary = tokens[1].content, plain(tokens[4])
    body = tokens[6:]
    for one in every(body):
        lead(one)
    anchored(body)
    reader = parser()
    markup = reader.renderer.render(body, reader.options, {})
    found = tuple(sections(body, summary))
    # Our own text, drawn without HTML in it.
    return Article(name, title, summary, mark_safe(markup), found)  # noqa: S308


@cache
def parser() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", table_open)
    reader.add_render_rule("table_close", table_close)
    return reader


def table_open(*_args: object) -> str:
    return '<div class="table-wrap" tabindex="0"><table class="table compact">'


def table_close(*_args: object) -> str:
    return "</table></div>"


def every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def lead(token: Token) -> None:
    """Point a link to another file at its article; let code be scrolled by keys."""
    if token.type == "fence":
        token.attrSet("tabindex", "0")
    if token.type != "link_open":
        return
    place, mark, anchor = str(token.attrs["href"]).partition("#")
    if place.endswith(SUFFIX):
        page = reverse("guide:article", args=[place.removesuffix(SUFFIX)])
        token.attrSet("href", page + mark + anchor)


def anchored(tokens: list[Token]) -> None:
    """Give each heading an anchor that no other of the article has."""
    taken: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type != "heading_open":
            continue
        wanted = anchor = slugify(plain(inline)) or "part"
        while anchor in taken:
            anchor = f"{wanted}-{len(taken)}"
        taken.add(anchor)
        token.attrSet("id", anchor)


def sections(tokens: list[Token], summary: str) -> Iterator[Section]:
    """Yield the parts of an article, with their text in one line."""
    anchor = title = ""
    said = [summary]
    opened = None
    for token in tokens:
        if token.type == "heading_open":
            yield Section(anchor, title, " ".join(said))
            anchor, said, opened = str(token.attrs["id"]), [], token
        elif token.type == "inline" and opened:
            title, opened = plain(token), None
        elif token.type in ("inline", "fence", "code_block"):
            words = plain(token)
            # The marks of a table tell nothing without its columns.
            said += [words] if any(map(str.isalnum, words)) else []
    yield Section(anchor, title, " ".join(said))


def plain(token: Token) -> str:
    """Return a token's words without marks."""
    if token.children is None:
        return " ".join(token.content.split())
    words = (
        " " if one.type in ("softbreak", "hardbreak") else one.content
        for one in token.children
    )
    return " ".join("".join(words).split())
