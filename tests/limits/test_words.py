"""Sizes are told as people read them."""

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from organizations.limits.words import size_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_449, "1.4 kB"),
        (15_000, "15 kB"),
        (123_456, "123 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (3_210_000, "3.2 MB"),
        (100_000_000, "100 MB"),
        (2 * 10**12, "2 TB"),
    ],
)
def test_a_size_is_short_and_decimal(size, words):
    assert size_words(size) == words


@given(st.integers(0, 2**63 - 1))
def test_any_size_has_words_of_few_letters(size):
    assert len(size_words(size)) <= 9


def test_templates_say_the_same():
    drawn = Template("{% load design %}{{ size|bytes }}").render(
        Context({"size": 3_210_000})
    )
    assert drawn == "3.2 MB"
