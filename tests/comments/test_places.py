"""A place of a timeline survives the way through an address."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.places import Place, read_place

ID = "019aa000-0000-7000-8000-000000000000"
MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(at=MOMENTS, key=st.uuids())
def test_a_place_is_read_as_it_was_written(at, key):
    place = Place(at, key)
    assert read_place(str(place)) == place


@given(text=st.text(max_size=60))
def test_any_text_is_a_place_or_none(text):
    place = read_place(text)
    assert place is None or isinstance(place, Place)


@pytest.mark.parametrize(
    "text",
    ["", "_", f"_{ID}", "1_", f"x_{ID}", f"{'9' * 30}_{ID}", f"-{'9' * 20}_{ID}"],
)
def test_a_mangled_place_is_none(text):
    assert read_place(text) is None
