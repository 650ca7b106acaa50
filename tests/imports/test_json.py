"""JSON becomes tasks: an object on each line, or all of them in one array."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tasks.imports import objects
from tasks.imports.reading import Shape, examine, tasks_of
from tasks.imports.texts import Record, Unreadable
from tests.exports.conftest import acme_marks  # noqa: F401

ORDER = {
    "title": "Order tyres",
    "status": "in_progress",
    "priority": 5,
    "assignees": ["bob@example.com", "Alice Example"],
    "labels": ["Bug", "a;b, c"],
    "created_at": "2020-02-03T04:05:06.000007+00:00",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
THINGS = st.dictionaries(st.text('abc\n"é', min_size=1, max_size=4), SCALARS)
LISTS = st.lists(THINGS.filter(lambda thing: all(map(str.strip, thing))), min_size=1)


def lines(*values):
    return "".join(json.dumps(value) + "\n" for value in values)


def found(text, layout):
    source = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    return list(objects.objects(source, "utf-8", layout))


def problems(kept):
    return [(one["line"], one["heading"], one["text"]) for one in kept.problems]


@pytest.fixture
def brought(journey, run_jobs):
    """Take JSON through all the steps and return the import."""

    def go(text, name="tasks.jsonl", **chosen):
        assert journey.upload(text, name).status_code == 302
        assert journey.map(**chosen).status_code == 302
        run_jobs()
        journey.start()
        run_jobs()
        return journey.kept()

    return go


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (lines(ORDER), "tasks.jsonl"),
        (lines(ORDER), "tasks.ndjson"),
        (lines(ORDER), "saved.txt"),
        (json.dumps([ORDER]), "tasks.json"),
        (json.dumps([ORDER], indent=2), "saved.txt"),
        ("\ufeff" + lines(ORDER), "tasks.json"),
        ("\n\n" + lines(ORDER).replace("\n", "\r\n"), "tasks.jsonl"),
    ],
)
def test_an_object_becomes_a_task(brought, acme_board, cast, text, name):
    kept = brought(text, name)
    [task] = acme_board.all()
    assert (kept.state, kept.problems, kept.made) == ("finished", [], 1)
    assert (task.title, task.status, task.priority) == ("Order tyres", "in_progress", 5)
    assert task.created_at == datetime(2020, 2, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert acme_board.doers(task) == {cast.bob.pk, cast.alice.pk}
    [entry] = acme_board.history(task, "task.created")
    assert entry.after["labels"] == ["Bug", "a;b, c"]
    assert entry.after["created_at"].startswith("2020-02-03")


def test_the_names_are_guessed_and_can_be_chosen(journey):
    journey.upload(lines({"title": "First", "odd": 1}, {"due": "2026-03-01"}), "a.json")
    page = journey.client.get(journey.at("columns/"))
    chosen = [field.value() for field in page.context["form"].columns()]
    assert chosen == ["title", "", "due_date"]
    assert "2 tasks were found" in page.text
    assert "by their names" in page.text


def test_lines_that_are_no_objects_are_left_out(brought, acme_board):
    broken = ['{"title": "half', "[1]", "nothing", '{"title": NaN}', '{"": 1}', "3"]
    kept = brought(lines(ORDER) + "\n".join(broken) + "\n" + lines({"title": "Last"}))
    assert [task.title for task in acme_board.all()] == ["Order tyres", "Last"]
    assert [line for line, _heading, _text in problems(kept)] == [2, 3, 4, 5, 6, 7]
    assert {text for _line, _heading, text in problems(kept)} == {
        "This line is not a JSON object.",
        "This is not a JSON object.",
        "A name in it is empty, or longer than 100 characters.",
    }


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("title", None, "There is no title."),
        ("title", [], "It is several values; this takes one."),
        ("title", ["a", "b"], "It is several values; this takes one."),
        ("title", {"a": 1}, "Values inside of values cannot be read."),
        ("labels", [["a"]], "Values inside of values cannot be read."),
        ("title", "a\0b", "It holds characters that are no text."),
        ("title", "\ud800", "It holds characters that are no text."),
        ("labels", ["\udfff"], "It holds characters that are no text."),
        ("title", "\u200b", "Nothing of the title can be seen."),
        ("assignees", ["nobody@example.com"], "Nobody here has this address or name."),
        ("priority", 2.5, "There is no such priority."),
        ("due_date", True, "That is not a date."),
        ("created_at", "2999-01-01", "That is not a moment between 1970 and today."),
        (
            "created_at",
            "0001-01-01T00:00+14:00",
            "That is not a moment between 1970 and today.",
        ),
        ("created_at", "soon", "That is not a date."),
    ],
)
def test_values_that_fit_no_field_are_told(brought, journey, name, value, text):
    kept = brought(lines({"title": "Fine"}, {"title": "x"} | {name: value}))
    assert problems(kept) == [(2, name, text)]
    assert kept.made == 1
    assert text in journey.page()
    answer = journey.client.get(reverse("imports:import_errors", args=[kept.pk]))
    assert text in b"".join(answer.streaming_content).decode()


def test_names_that_are_no_text_leave_their_line_out(brought):
    kept = brought(lines({"title": "Fine"}, {"title": "x", "\ud800": 1}))
    wanted = "A name in it holds characters that are no text."
    assert problems(kept) == [(2, "", wanted)]


def test_a_name_may_hold_what_stands_between_others(brought, acme_board, cast):
    line = {"title": "x", "assignees": "bob@example.com; Alice Example"}
    brought(lines(line))
    [task] = acme_board.all()
    assert acme_board.doers(task) == {cast.bob.pk, cast.alice.pk}


def test_nothing_is_taken_off_a_text(brought, acme_board):
    brought(lines({"title": "'=1+1", "description": "'-a"}))
    [task] = acme_board.all()
    assert (task.title, task.description) == ("'=1+1", "'-a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "There is no JSON object with anything in it in that file."),
        ("{}\n{}\n", "There is no JSON object with anything in it in that file."),
        ("[]", "There is no JSON object with anything in it in that file."),
        ("[", "From line 1 on that file is not JSON"),
        ('[\n{"title": "a"},\n{"title"]', "From line 3 on that file is not JSON"),
        ('[{"title": "a"}\n{"title": "b"}]', "From line 2 on that file is not JSON"),
        ('[{"title": "a"}] and more', "From line 1 on that file is not JSON"),
        ("[" * 100_000, "From line 1 on that file is not JSON"),
        ('[{"title": "' + "x" * 1_200_000, "or its objects too long"),
        ('{"title": "' + "x" * 1_200_000, "Line 1 is too long"),
        ('{"title": "a", "Title": "b"}', "Two columns are called"),
        (lines({str(n): n for n in range(201)}), "more than 200 columns"),
        ("  \n ", "That file is empty."),
        ('{"title": "\0"}', "That file is not text."),
    ],
)
def test_files_that_cannot_be_read_are_refused(journey, text, words):
    answer = journey.upload(text, "tasks.json")
    assert answer.status_code == 422
    assert words in answer.text
    assert journey.kept() is None


def test_more_lines_than_are_taken_are_refused(journey, settings):
    settings.IMPORT_MAX_ROWS = 2
    answer = journey.upload(lines(*[{"title": "x"}] * 3), "tasks.json")
    assert "That file has more than 2 lines. Divide it." in answer.text


@given(LISTS, st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_is_read_as_json_reads_it(values, piece, indent):
    text = json.dumps(values, indent=indent, ensure_ascii=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "PIECE", piece)
        assert [value for _line, value in found(text, objects.ARRAY)] == values


@given(LISTS)
def test_lines_are_read_as_json_reads_them(values):
    assert found(lines(*values), objects.LINES) == list(enumerate(values, 1))


def test_objects_of_an_array_know_their_lines():
    text = '[\n\n{"a": 1},\n{\n"a": 2}\n,{"a": 3}, 12\n]\n'
    places = [line for line, _value in found(text, objects.ARRAY)]
    assert places == [3, 4, 6, 6]


@given(st.text(max_size=200), st.sampled_from(["a.json", "a.csv"]))
def test_any_text_is_read_or_refused(text, name):
    source = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    try:
        shape, rows = examine(source, name)
    except Unreadable:
        return
    assert len(list(tasks_of(source, shape))) == rows


def test_going_on_behind_a_place_leaves_nothing_out():
    shape = Shape("utf-8", "", ["title"], objects.LINES)
    source = io.BytesIO(lines(*({"title": str(n)} for n in range(5))).encode())
    assert list(tasks_of(source, shape, skip=3)) == [Record(4, ["3"]), Record(5, ["4"])]
    assert list(tasks_of(source, shape, skip=9)) == []
