"""Finding colleagues' names behind an @, and drawing them."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.utils.safestring import SafeString
from markdown_it.token import Token

from accounts.models import User
from tasks.forms import members
from tasks.markdown import lower, parser, sanitised

Change = Callable[[Token], Iterable[Token]]
# So many are offered while somebody types a name.
OFFERED = 8


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds an @ with one of these names; the longest name is tried first.

    The number of the group that matched is the place of the name, from 1 on.
    """
    parts = [f"({re.escape(name)})" for name in names if name.strip()]
    if not parts:
        return None
    return re.compile(rf"(?<!\w)@(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name.strip()}, key=lambda n: (-len(n), n))


def named_in(text: str, names: Iterable[str]) -> set[str]:
    """Return which of the names stand behind an @ in what people read of a text."""
    ordered = longest_first(names)
    pattern = pattern_of(ordered)
    if pattern is None or "@" not in text:
        return set()
    return {
        ordered[(match.lastindex or 1) - 1]
        for piece in pieces(text)
        for match in pattern.finditer(piece)
    }


def mentioned(text: str) -> dict[Any, str]:
    """Return the members whom a text mentions: their ids and names.

    Of two who are called the same, both are meant.
    """
    if "@" not in text:
        return {}
    people = members().annotate(said=Value(text, output_field=TextField()))
    found = dict(people.filter(said__icontains=F("name")).values_list("pk", "name"))
    names = named_in(text, found.values())
    return {key: name for key, name in found.items() if name in names}


def offered(words: str) -> list[User]:
    """Return the first members any of whose names begins with what was typed."""
    words = " ".join(words.split())
    begins = Q(name__istartswith=words) | Q(last_name__istartswith=words)
    found: list[User] = list(members().filter(begins)[:OFFERED])
    return found


def drawn(text: str, names: Iterable[str]) -> SafeString:
    """Return a comment as markup, the mentions of these names marked."""
    reader, pattern = parser(), pattern_of(longest_first(names))
    tokens = reader.parse(text)
    for token in tokens:
        lower(token)
        if pattern and token.children:
            token.children = list(changed(token.children, marking(pattern)))
    return sanitised(reader.renderer.render(tokens, reader.options, {}))


def pieces(text: str) -> list[str]:
    """Return the runs of plain text in Markdown: no code, nothing inside a link."""
    found: list[str] = []

    def look(token: Token) -> Iterable[Token]:
        found.append(token.content)
        return [token]

    for token in parser().parse(text):
        list(changed(token.children or (), look))
    return found


def changed(tokens: Iterable[Token], change: Change) -> Iterator[Token]:
    """Yield tokens, the plain text outside of links changed."""
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not depth:
            yield from change(token)
        else:
            yield token


def marking(pattern: re.Pattern[str]) -> Change:
    """Return what splits a text into what is a mention and what is not."""

    def split(token: Token) -> Iterator[Token]:
        end = 0
        for match in pattern.finditer(token.content):
            yield Token("text", "", 0, content=token.content[end : match.start()])
            span = f'<span class="mention">{escape(match[0])}</span>'
            yield Token("html_inline", "", 0, content=span)
            end = match.end()
        yield Token("text", "", 0, content=token.content[end:])

    return split
