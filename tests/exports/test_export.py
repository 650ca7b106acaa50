"""What a list shows, as a file."""

import csv
import json
import tracemalloc
from datetime import date

import pytest

from organizations.audit.models import AuditEntry
from organizations.models import CustomRole
from organizations.roles.flows import give_role
from organizations.tenancy import no_context, tenant
from tasks.exports import rows
from tasks.exports.columns import COLUMNS
from tests.exports.conftest import EXPORT, table

HEADINGS = (
    "key,title,description,status,priority,due_date,assignees,labels,team,"
    "created_at,completed_at,created_by"
)


@pytest.fixture
def board(acme_board, cast):
    acme_board.add(
        "Order tyres",
        description="Four.\r\nFor winter.",
        status="done",
        priority=5,
        due_date=date(2027, 2, 28),
        assignees=[cast.bob, cast.vera],
    )
    acme_board.add("Sweep the yard", assignees=[cast.bob])
    acme_board.add("Order salt", priority=1)
    return acme_board


def test_every_column_is_written(as_vera, board, taken):
    text = taken(as_vera)
    assert text.splitlines()[0] == HEADINGS
    first = table(text)[0]
    assert first["key"] == "ACME-1"
    assert first["description"] == "Four.\r\nFor winter."
    assert (first["status"], first["priority"]) == ("done", "5")
    assert first["due_date"] == "2027-02-28"
    assert first["assignees"] == "bob@example.com;vera@example.com"
    assert first["created_by"] == "alice@example.com"
    assert first["completed_at"].endswith("+00:00")


def test_the_oldest_task_comes_first(as_vera, board, taken):
    keys = [row["key"] for row in table(taken(as_vera))]
    assert keys == ["ACME-1", "ACME-2", "ACME-3"]


def test_json_lines_keep_lists_and_numbers(as_vera, board, taken):
    found = [json.loads(line) for line in taken(as_vera, kind="jsonl").splitlines()]
    assert list(found[0]) == list(COLUMNS)
    assert found[0]["assignees"] == ["bob@example.com", "vera@example.com"]
    assert (found[1]["priority"], found[1]["due_date"]) == (3, None)


def test_excel_is_told_that_it_is_utf_8(as_vera, board, taken):
    assert taken(as_vera, kind="excel") == "\ufeff" + taken(as_vera)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?status=done", ["ACME-1"]),
        ("?priority=1", ["ACME-3"]),
        ("?assignee=nobody", ["ACME-3"]),
        ("?assignee=me", ["ACME-1", "ACME-2"]),
        ("?q=order", ["ACME-1", "ACME-3"]),
        ("?q=order&assignee=me", ["ACME-1"]),
        ("?q=nothing", []),
        ("?status=unknown", ["ACME-1", "ACME-2", "ACME-3"]),
    ],
)
def test_the_filters_of_the_address_hold(as_bob, board, taken, query, keys):
    assert [row["key"] for row in table(taken(as_bob, query))] == keys


def test_a_person_who_is_not_here_finds_nothing(as_bob, cast, board, taken):
    assert table(taken(as_bob, f"?assignee={cast.charlie.pk}")) == []


def test_the_trash_stays_where_it_is(as_bob, cast, board, taken):
    with no_context(), board.inside():
        board.all()[0].remove(by=cast.alice)
    assert "Order tyres" not in taken(as_bob)


def test_all_pages_are_taken_along(as_bob, acme_board, taken, monkeypatch):
    monkeypatch.setattr(rows, "BATCH", 7)
    acme_board.add_many(50)
    found = [row["title"] for row in table(taken(as_bob))]
    assert found == [f"Task {number}" for number in range(50)]


def test_other_organizations_stay_out_of_it(as_bob, board, globex_board, taken):
    globex_board.add("Secret of Globex")
    assert "Globex" not in taken(as_bob)


def test_tasks_made_meanwhile_are_not_part_of_it(as_bob, board, taken):
    answer = as_bob.post(EXPORT, {"format": "csv"})
    board.add("Too late")
    assert b"Too late" not in b"".join(answer.streaming_content)


def test_an_export_is_recorded(as_vera, cast, board, taken):
    taken(as_vera, "?q=order&status=done", "jsonl")
    with no_context(), tenant(cast.acme):
        entry = AuditEntry.objects.get(action="task.exported")
    assert entry.actor_id == cast.vera.pk
    assert entry.after == {"format": "jsonl", "words": "order", "status": "done"}


def test_the_page_tells_how_many_there_are(as_vera, board):
    page = as_vera.get(f"{EXPORT}?assignee=nobody")
    assert "1 task, as the list is filtered now" in page.text
    assert "3 tasks" in as_vera.get(EXPORT).text


def test_the_list_leads_to_the_export_of_what_it_shows(as_vera, board):
    page = as_vera.get("/tasks/?q=order+%26+more&status=done").text
    assert 'href="/tasks/export/?q=order+%26+more&amp;status=done"' in page


@pytest.mark.parametrize("kind", ["", "xlsx", "CSV"])
def test_an_unknown_format_is_refused(as_vera, board, kind):
    assert as_vera.post(EXPORT, {"format": kind}).status_code == 422


def test_the_file_has_a_name(as_vera, board):
    answer = as_vera.post(EXPORT, {"format": "excel"})
    assert answer["Content-Disposition"].startswith('attachment; filename="tasks-acme-')
    assert answer["Content-Disposition"].endswith('.csv"')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_whoever_may_not_see_members_gets_no_addresses(as_bob, cast, board, taken):
    with no_context(), tenant(cast.acme, cast.alice):
        role = CustomRole.objects.create(name="Reader", abilities=["tasks.view"])
        member = cast.acme.memberships.select_related("user").get(user=cast.bob)
        give_role(membership=member, role=role, by=cast.alice)
    text = taken(as_bob)
    assert "@example.com" not in text
    assert "Bob Example;Vera Example" in text


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "'=1", "''-1"])
def test_no_cell_is_a_formula(as_bob, acme_board, taken, title):
    acme_board.add(title, description=title)
    row = table(taken(as_bob))[0]
    assert row["title"] == row["description"] == f"'{title}"


def test_no_batch_is_kept_once_it_is_sent(as_bob, acme_board, cast):
    acme_board.add_many(3_000, description="x" * 5_000)
    answer = as_bob.post(EXPORT, {"format": "csv"})
    tracemalloc.start()
    length = sum(len(piece) for piece in answer.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 15_000_000
    # One batch of 500 is about 2.5 MB, held as rows and as text.
    assert peak < 15_000_000


def test_each_batch_takes_three_statements(
    as_bob, acme_board, django_assert_max_num_queries
):
    acme_board.add_many(1_000)
    answer = as_bob.post(EXPORT, {"format": "csv"})
    with django_assert_max_num_queries(3 * 3):
        assert len(list(answer.streaming_content)) == 3


def test_an_export_can_be_read_by_any_reader(as_bob, acme_board, taken):
    acme_board.add('He said "no, never"; then\r\nleft')
    lines = list(csv.reader(taken(as_bob).split("\r\n"), strict=False))
    assert lines[0] == HEADINGS.split(",")
