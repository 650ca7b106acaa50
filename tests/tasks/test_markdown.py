"""Markdown of people: drawn as they mean it, harmless whatever they mean."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.markdown import render

TAG = re.compile(r"<(\w+)([^>]*)>")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("plain", "<p>plain</p>\n"),
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        ("##### Small", "<h6>Small</h6>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
        ("`x < y`", "<p><code>x &lt; y</code></p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_drawn(text, markup):
    assert render(text) == markup


def test_a_table_is_drawn():
    assert "<td>1</td>" in render("| a |\n| - |\n| 1 |")


@pytest.mark.parametrize(
    "text", ["https://a.example/x", "<https://a.example/x>", "[x](https://a.example/x)"]
)
def test_addresses_become_links_that_give_nothing_away(text):
    assert 'href="https://a.example/x"' in render(text)
    assert 'rel="noopener noreferrer nofollow ugc"' in render(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://a.example/pixel.png)",
        '<a href="x" style="position:fixed" onclick="x()">x</a>',
        "<svg onload=alert(1)>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<iframe src=https://a.example>",
        "<https://a.example/'onclick=alert(1)>",
    ],
)
def test_nothing_harmful_passes(text):
    drawn = render(text)
    for tag, attributes in TAG.findall(drawn):
        assert tag in {"p", "a", "br"}
        assert not re.search(r"\s(on\w+|style|src)\s*=", attributes.split('"')[0])
        assert "javascript:" not in attributes
        assert "data:" not in attributes


@given(
    st.text(alphabet=st.sampled_from("<>&\"'`*_#[]()!-|\n ajscript:/=x\0\ud800"[:-1]))
)
def test_any_text_is_drawn_with_known_tags_only(text):
    known = {"p", "a", "br", "code", "em", "strong", "h3", "h4", "h5", "h6", "hr"}
    known |= {"li", "ol", "ul", "pre", "blockquote", "s", "table", "thead", "tbody"}
    known |= {"tr", "td", "th", "del", "span"}
    assert {tag for tag, _rest in TAG.findall(render(text))} <= known


def test_a_long_deep_text_does_not_run_away():
    assert render("> " * 5_000 + "x")
    assert render("[" * 5_000)
    assert render("*a_" * 5_000)
