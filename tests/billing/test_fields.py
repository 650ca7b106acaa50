import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from billing.fields import MoneyField, SizeField, exact_size


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("9", 900), ("9.00", 900), ("0", 0), ("0.05", 5), ("1999.99", 199_999)],
)
def test_money_is_typed_as_people_write_it(typed, cents):
    assert MoneyField().clean(typed) == cents


@pytest.mark.parametrize(
    "typed", ["", "-1", "1.234", "nine", "NaN", "Infinity", "1e3x"]
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_cents_are_shown_with_their_point():
    field = MoneyField()
    assert field.prepare_value(900) == "9.00"
    assert field.prepare_value("nine") == "nine"


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [(900, "9", False), (900, "9.01", True), (None, "0", False), (900, "x", True)],
)
def test_another_spelling_of_an_amount_is_no_change(initial, typed, changed):
    assert MoneyField().has_changed(initial, typed) == changed


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("500 MB", 500 * 10**6),
        ("5 GB", 5 * 10**9),
        ("5gb", 5 * 10**9),
        ("1.5 GB", 1_500_000_000),
        ("1,5 GB", 1_500_000_000),
        ("2 TB", 2 * 10**12),
        ("", None),
        ("  ", None),
    ],
)
def test_a_size_is_typed_with_its_unit(typed, size):
    assert SizeField(required=False).clean(typed) == size


@pytest.mark.parametrize(
    "typed", ["5", "GB", "-5 GB", "5 XB", "five GB", "5 GB 3", "1234567 TB"]
)
def test_what_is_no_size_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="500 MB or 5 GB"):
        SizeField(required=False).clean(typed)


@given(st.integers(min_value=0, max_value=10**15))
def test_a_size_that_was_shown_is_read_as_the_same(size):
    assert SizeField().clean(exact_size(size)) == size


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (10**9, "1000 MB", False),
        (10**9, "2 GB", True),
        (None, "", False),
        (10**9, "", True),
        (10**9, "much", True),
    ],
)
def test_another_unit_is_no_change(initial, typed, changed):
    assert SizeField(required=False).has_changed(initial, typed) == changed
