"""Bytes as records: what is a line, what is a column, and where each begins."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.imports.reading import Shape, examine, tasks_of
from tasks.imports.tables import records
from tasks.imports.texts import LONGEST, Record, Unreadable

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def source(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def shape_of(text, encoding="utf-8"):
    return examine(source(text, encoding))[0]


def quoted(rows, delimiter):
    def cell(text):
        return '"' + text.replace('"', '""') + '"'

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_quoted_cell_is_read_as_it_was_written(rows, delimiter, encoding):
    text = quoted([("Title", "b", "c"), *rows], delimiter)
    found = list(records(source(text, encoding), encoding, delimiter))[1:]
    wanted = [list(row) for row in rows if any(cell.strip() for cell in row)]
    assert [record.cells for record in found] == wanted


@given(st.lists(CELLS.filter(str.strip), min_size=1, max_size=20), st.integers(0, 25))
def test_going_on_behind_a_place_leaves_nothing_out(titles, place):
    text = quoted([("Title",), *((title,) for title in titles)], ",")
    shape = Shape("utf-8", ",", ["Title"])
    whole = list(tasks_of(source(text), shape))
    assert list(tasks_of(source(text), shape, skip=place)) == whole[place:]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_ends_a_line(end):
    text = end.join(["Title", "one", "", "two", ""])
    found = list(records(source(text), "utf-8", ","))
    assert found == [Record(1, ["Title"]), Record(2, ["one"]), Record(4, ["two"])]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Title,Status\na,b\n", ","),
        ("Title;Status\na,b;c,d\n", ";"),
        ("Title\tNotes\na, b; c\td, e; f\n", "\t"),
        ("Title|Status\na|b\n", "|"),
        ('"Title, or name";Status\n"a,b";c\n', ";"),
        ("Title\nfirst, second\n", ","),
    ],
)
def test_columns_stand_apart_by_what_gives_most_of_them(text, delimiter):
    assert shape_of(text).delimiter == delimiter


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(encoding, found):
    shape = shape_of("Title,Status\nÜbergröße,done\n", encoding)
    assert shape.encoding == found
    assert shape.headings == ["Title", "Status"]


def test_a_late_letter_decides_too():
    lines = "Title\n" + "plain\n" * 50_000
    text = lines.encode() + "Müll\n".encode("latin-1")
    shape, rows = examine(io.BytesIO(text))
    assert (shape.encoding, rows) == ("cp1252", 50_001)


def test_columns_without_headings_are_called_by_their_place():
    headings = shape_of("Title,, \nx,y,z\n").headings
    assert headings == ["Title", "Column 2", "Column 3"]


def test_a_heading_is_one_short_line():
    headings = shape_of(f'"Two\n  words",{"x" * 300}\na,b\n').headings
    assert headings == ["Two words", "x" * 100]


def test_a_long_record_is_read_and_a_longer_one_refused():
    cell = "x" * 100_000
    text = f"Title,{','.join('abcdefgh')}\n"
    fits = text + ",".join([cell] * 9) + "\n"
    assert examine(source(fits))[1] == 1
    with pytest.raises(Unreadable, match="Line 2 is too long"):
        examine(source(text + ",".join([cell] * 11) + "\n"))
    assert 9 * len(cell) < LONGEST < 11 * len(cell)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(data):
    try:
        shape, rows = examine(io.BytesIO(data))
    except Unreadable:
        return
    assert rows >= 1
    assert len(list(tasks_of(io.BytesIO(data), shape))) == rows
