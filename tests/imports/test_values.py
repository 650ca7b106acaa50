"""What cells mean: our words, people's, and those of other programs."""

from datetime import date

import pytest

from tests.conftest import join, make_user

LINEAR = (
    "ID,Team,Title,Description,Status,Estimate,Priority,Creator,Assignee,Labels,"
    "Created,Completed,Due Date\n"
    "ENG-1,Eng,Order tyres,Four,In Progress,2,Urgent,a@b.c,bob@example.com,x,"
    "2026-01-02,,2026-03-01\n"
)
TRELLO = (
    "Card ID,Card URL,Card Name,Labels,Members,Due Date,Card Description,List Name\n"
    "1,https://x.example,Order tyres,red,Bob Example,2026-03-01T12:00:00.000Z,Four,"
    "Doing\n"
)
JIRA = (
    "Summary,Issue key,Issue id,Status,Priority,Assignee,Labels,Labels,Due date,"
    "Description\n"
    "Order tyres,ENG-1,1,In Progress,Highest,Bob Example,a,b,01/Mar/26 3:00 PM,Four\n"
)
ASANA = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,"
    "Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task\n"
    "1,2026-01-01,,2026-01-02,Order tyres,In progress,B,bob@example.com,,2026-03-01,,"
    "Four,Yard,\n"
)


@pytest.mark.parametrize(
    ("text", "priority"), [(LINEAR, 5), (TRELLO, 3), (JIRA, 5), (ASANA, 3)]
)
def test_exports_of_other_programs_are_understood(
    whole, acme_board, cast, text, priority
):
    kept = whole(text)
    [task] = acme_board.all()
    assert kept.problems == []
    assert (task.title, task.description) == ("Order tyres", "Four")
    assert (task.status, task.priority) == ("in_progress", priority)
    assert task.due_date == date(2026, 3, 1)
    assert acme_board.doers(task) == {cast.bob.pk}


def made(whole, board, heading, value, **chosen):
    """Import one task with one more column; return it and the import."""
    quoted = value.replace('"', '""')
    kept = whole(f'Title,{heading}\nOrder tyres,"{quoted}"\nOther,\n', **chosen)
    return next((t for t in board.all() if t.title == "Order tyres"), None), kept


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("Backlog", "backlog"),
        ("IceBox", "backlog"),
        ("To do", "todo"),
        ("to-do", "todo"),
        ("Selected for Development", "todo"),
        ("doing", "in_progress"),
        ("in_progress", "in_progress"),
        ("Code Review", "in_review"),
        ("QA", "in_review"),
        ("DONE", "done"),
        ("Closed", "done"),
        ("", "todo"),
    ],
)
def test_words_for_a_status(whole, acme_board, value, status):
    task, _kept = made(whole, acme_board, "State", value)
    assert task.status == status
    assert (task.completed_at is not None) == (status == "done")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("yes", "done"),
        ("TRUE", "done"),
        ("1", "done"),
        ("x", "done"),
        ("2026-01-03", "done"),
        ("no", "todo"),
        ("False", "todo"),
        ("0", "todo"),
        ("", "todo"),
    ],
)
def test_completed_means_done(whole, acme_board, value, status):
    task, _kept = made(whole, acme_board, "Completed", value)
    assert task.status == status


@pytest.mark.parametrize(
    ("value", "priority"),
    [
        *[("1", 1), ("2", 1), ("3", 3), ("4", 5), ("5", 5)],
        *[("low", 1), ("Medium", 3), ("HIGH", 5), ("Lowest", 1), ("Highest", 5)],
        *[("P0", 5), ("P1", 5), ("p2", 3), ("P3", 1), ("P4", 1)],
        *[("Urgent", 5), ("Critical", 5), ("No priority", 3), ("", 3)],
    ],
)
def test_words_for_a_priority(whole, acme_board, value, priority):
    task, _kept = made(whole, acme_board, "Priority", value)
    assert task.priority == priority


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T23:59:00.000Z", date(2026, 3, 1)),
        ("2026-03-01 08:15", date(2026, 3, 1)),
        ("2026/03/01", date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        ("1 Mar 2026", date(2026, 3, 1)),
        ("Mar 1, 2026", date(2026, 3, 1)),
        ("March 1, 2026", date(2026, 3, 1)),
        ("Sun Mar 01 2026 00:00:00 GMT+0000", date(2026, 3, 1)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_ways_to_write_a_day(whole, acme_board, value, day):
    task, _kept = made(whole, acme_board, "Due", value)
    assert task.due_date == day


def test_the_month_comes_first_where_somebody_says_so(whole, acme_board):
    task, _kept = made(whole, acme_board, "Due", "03/01/2026", days="month")
    assert task.due_date == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "order"),
    [
        ("12/31/2026", "month"),
        ("31/12/2026", "day"),
        ("3/4/2026", "day"),
        ("²/³/1", "day"),
    ],
)
def test_the_order_of_days_is_guessed(journey, day, order):
    journey.upload(f"Title,Due\nx,{day}\n")
    page = journey.client.get(journey.at("columns/"))
    assert page.context["form"]["days"].value() == order


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("Status", "Nowhere", "There is no such status."),
        ("Priority", "6", "There is no such priority."),
        ("Priority", "9" * 400, "There is no such priority."),
        ("Due", "0000-01-01", "That is not a date."),
        ("Due", "2026-02-30", "That is not a date."),
        ("Due", "10000-01-01", "That is not a date."),
        ("Due", "soon", "That is not a date."),
        ("Assignee", "charlie@example.com", "Nobody here has this address or name."),
        ("Assignee", "nobody", "Nobody here has this address or name."),
        ("Description", "x" * 50_001, "longer than 50,000 characters"),
    ],
)
def test_a_value_that_makes_no_sense_leaves_its_line_out(
    whole, acme_board, heading, value, words
):
    task, kept = made(whole, acme_board, heading, value)
    assert task is None
    assert [problem["line"] for problem in kept.problems] == [2]
    assert words in kept.problems[0]["text"]
    assert kept.problems[0]["heading"] == heading


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_line_without_a_good_title_is_left_out(whole, acme_board, title):
    kept = whole(f"Title,Status\n{title},done\nOther,done\n")
    assert [task.title for task in acme_board.all()] == ["Other"]
    assert "title" in kept.problems[0]["text"]


def test_everything_wrong_with_a_line_is_told_at_once(whole):
    kept = whole("Title,Status,Due\n\nx,nowhere,soon\ny,,\n")
    assert [p["heading"] for p in kept.problems] == ["Status", "Due"]
    assert [p["line"] for p in kept.problems] == [3, 3]


def test_lines_are_counted_as_an_editor_does(whole):
    kept = whole('Title,Due\n"two\nlines",\nbad,soon\n')
    assert [problem["line"] for problem in kept.problems] == [4]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("bob@example.com", {"bob"}),
        ("BOB@Example.com; vera@example.com", {"bob", "vera"}),
        ("bob@example.com,vera@example.com,", {"bob", "vera"}),
        ("Bob  example", {"bob"}),
        ("Vera Example\nBob Example", {"bob", "vera"}),
        ("bob@example.com;bob@example.com", {"bob"}),
    ],
)
def test_people_are_found_by_address_and_name(whole, acme_board, cast, value, names):
    task, kept = made(whole, acme_board, "Assigned to", value)
    assert kept.problems == []
    assert acme_board.doers(task) == {getattr(cast, name).pk for name in names}


def test_a_name_that_two_people_have_is_nobodys(whole, acme_board, cast):
    twin = make_user("bob2", first_name="Bob")
    join(cast.acme, twin, "member")
    task, _kept = made(whole, acme_board, "Assignee", "Bob Example")
    assert task is None


def test_strangers_and_unknown_words_can_be_left_empty(whole, acme_board, cast):
    text = (
        "Title,Status,Assignee\nFirst,nowhere,charlie@example.com\n"
        "Second,done,charlie@example.com;bob@example.com\n"
    )
    kept = whole(text, people="leave", status="leave")
    first, second = acme_board.all()
    assert (kept.problems, first.status, second.status) == ([], "todo", "done")
    assert acme_board.doers(first) == set()
    assert acme_board.doers(second) == {cast.bob.pk}


def test_the_persons_choice_holds_over_the_guess(whole, acme_board):
    whole("A,B\ndone,Order tyres\n", "status", "title")
    [task] = acme_board.all()
    assert (task.title, task.status) == ("Order tyres", "done")


def test_columns_left_out_leave_no_trace(whole, acme_board):
    whole("Title,Status,Due\nOrder tyres,nowhere,soon\n", "title", "", "")
    [task] = acme_board.all()
    assert (task.status, task.due_date) == ("todo", None)
