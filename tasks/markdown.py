"""What people write as Markdown, as markup that can do no harm."""

from functools import cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# A page's own headings come first; what people write stands below them.
DEEPER, DEEPEST = 2, 6
TAGS: Final = {
    *("a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr"),
    *("li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th"),
    *("thead", "tr", "ul"),
}
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = {"http", "https", "mailto"}
REL: Final = "noopener noreferrer nofollow ugc"


def render(text: str) -> SafeString:
    """Return Markdown as markup: no pictures, scripts or styles of anybody's."""
    reader = parser()
    tokens = reader.parse(text)
    for token in tokens:
        lower(token)
    drawn = reader.renderer.render(tokens, reader.options, {})
    return sanitised(drawn)


def sanitised(markup: str) -> SafeString:
    """Return markup reduced to what a text needs."""
    clean = nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=REL,
        allowed_classes={"span": {"mention"}},
    )
    return mark_safe(clean)  # noqa: S308  # sanitised just above


def lower(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1:]) + DEEPER, DEEPEST)}"


@cache
def parser() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    reader.enable(["linkify", "strikethrough", "table"])
    return reader.disable("image")
