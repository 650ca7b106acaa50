"""The row renderer escapes whatever people wrote, and says what marks only show."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.queries import TaskRow
from tasks.rows import day_text, due, face, initials, render

PERSON = "019aa000-0000-7000-8000-000000000000"
KNOWN = {"li", "i", "b", "span", "a"}
SAID = {"class", "href", "title", "role", "aria-label"}
XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</a></span></li><svg onload=alert(1)>",
    "{{ 7 }} {% now %} {0} {}",
    "&lt;b&gt; & friends",
]


class Reader(HTMLParser):
    """What a browser makes of markup: tags, attributes, text."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data):
        self.text += data


def row(**values):
    plain = {
        "id": PERSON,
        "number": 7,
        "title": "Title",
        "status": "todo",
        "priority": 3,
        "due_date": None,
        "comments": 0,
        "created_at": "",
        "people": [PERSON],
    }
    return TaskRow(**plain | values)


def drawn(task, name="Ann Lee", *, can_edit=True):
    return render([task], {PERSON: name}, prefix="ACME", can_edit=can_edit)


@pytest.mark.parametrize("text", XSS)
@pytest.mark.parametrize("where", ["title", "name"])
def test_a_row_escapes_what_people_wrote(text, where):
    markup = drawn(row(title=text)) if where == "title" else drawn(row(), text)
    read = Reader(markup)
    assert read.tags <= KNOWN
    assert read.attributes <= SAID
    if where == "title":
        assert text in read.text


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_breaks_out_of_a_row(title, name):
    read = Reader(drawn(row(title=title), name))
    assert read.tags <= KNOWN
    assert read.attributes <= SAID


def test_marks_say_what_they_mean():
    markup = drawn(row(priority=5, status="in_review"))
    for text in ("Priority: high", "ACME-7: In review. Change", 'title="Ann Lee"'):
        assert text in markup
    assert "Nobody assigned" in drawn(row(people=[]))


def test_a_viewers_row_has_no_way_to_change_it():
    markup = drawn(row(), can_edit=False)
    assert "/status/" not in markup
    assert "Status: To do" in markup


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2026-11-20", "Today"),
        ("2026-11-21", "Tomorrow"),
        ("2026-11-19", "19 Nov"),
        ("2027-01-05", "5 Jan 2027"),
        ("0001-01-01", "1 Jan 0001"),
        ("9999-12-31", "31 Dec 9999"),
    ],
)
def test_days_are_said_as_people_say_them(day, text):
    assert day_text(day, "2026-11-20") == text


@pytest.mark.parametrize(
    ("day", "done", "mark"),
    [
        ("2026-11-19", False, "due late"),
        ("2026-11-19", True, "=due>"),
        ("2026-11-20", False, "due soon"),
        ("2026-11-21", False, "due soon"),
        ("2026-11-22", False, "=due>"),
    ],
)
def test_a_due_date_is_marked_near_and_past(day, done, mark):
    assert mark in due(day, "2026-11-20", done, "en")
    assert ("Overdue" in due(day, "2026-11-20", done, "en")) == ("late" in mark)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann Lee", "AL"), ("Ann", "AN"), ("ann maria lee", "AL"), ("", "?"), (" ", "?")],
)
def test_initials_stand_for_a_name(name, letters):
    assert initials(name) == letters


def test_a_persons_colour_is_the_same_everywhere():
    from config.templatetags.design import hue

    class Somebody:
        from uuid import UUID

        pk = UUID(PERSON)

    assert f"<i class=h{hue(Somebody())} " in face(PERSON, "Ann")
