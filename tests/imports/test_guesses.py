"""What a heading tells about its column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.exports.columns import COLUMNS
from tasks.imports.mapping import acceptable, guessed
from tasks.imports.reading import Shape
from tasks.imports.texts import Unreadable
from tasks.imports.values import FIELDS


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *[("Title", "title"), ("SUMMARY", "title"), ("Card Name", "title")],
        *[("Task name", "title"), ("Subject", "title"), ("Issue", "title")],
        *[("Notes", "description"), ("Card Description", "description")],
        *[("State", "status"), ("List Name", "status"), ("Section/Column", "status")],
        *[("Due Date", "due_date"), ("due_on", "due_date"), ("Deadline", "due_date")],
        *[("Assigned to", "assignees"), ("Assignee Email", "assignees")],
        *[("Members", "assignees"), ("Importance", "priority")],
        *[("Completed", "completed"), ("Completed At", "completed")],
        *[("Resolved", "completed"), ("Done", "completed")],
    ],
)
def test_a_heading_names_its_field(heading, field):
    assert guessed([heading]) == {field: 0}


@pytest.mark.parametrize("heading", ["Sprint", "Estimate", "ID", ""])
def test_other_headings_name_none(heading):
    assert guessed([heading]) == {}


def test_the_most_telling_of_several_is_taken():
    found = guessed(["Assignee", "Name", "Assignee Email", "Title"])
    assert found == {"title": 3, "assignees": 2}


def test_our_own_columns_are_all_recognized():
    found = guessed(list(COLUMNS))
    places = {name: list(COLUMNS).index(name) for name in FIELDS if name in COLUMNS}
    assert found == places | {"completed": list(COLUMNS).index("completed_at")}


@given(st.lists(st.text(max_size=20), max_size=30))
def test_no_column_is_read_into_two_fields(headings):
    found = guessed(headings)
    assert len(set(found.values())) == len(found)
    assert all(0 <= place < len(headings) for place in found.values())


@pytest.mark.parametrize(
    "headings",
    [
        ["Title"],
        ["Was ist zu tun", "Wer"],
        ["Title", "Labels", "Labels"],
        ["Summary", "Comment", "Comment", "Comment"],
        ["2026", "Title"],
    ],
)
def test_headings_that_will_do(headings):
    assert acceptable(Shape("utf-8", ",", headings)) is None


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (["What is to do"], "only one column"),
        (["Order tyres", "2026-01-01"], "looks like a task"),
        (["Order tyres", "bob@example.com"], "looks like a task"),
        (["Order tyres", "3"], "looks like a task"),
        (["Title", "title"], "Two columns"),
        (["Name", "Status", "STATUS"], "Two columns"),
    ],
)
def test_headings_that_will_not_do(headings, words):
    with pytest.raises(Unreadable, match=words):
        acceptable(Shape("utf-8", ",", headings))
