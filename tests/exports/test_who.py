"""Who may take tasks along, in which way, and what is told of it."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.audit.models import AuditEntry
from organizations.models import Membership
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import no_context, tenant
from tasks.exports import rows
from tasks.exports.columns import COLUMNS, plain
from tasks.exports.writing import ENDINGS, FORMATS, TYPES, WRITERS, cell
from tests.exports.conftest import EXPORT, body, table


def exports(cast, home="acme"):
    with no_context(), tenant(getattr(cast, home)):
        found = AuditEntry.objects.filter(action="task.exported")
        return list(found.order_by("sequence"))


@pytest.fixture
def give(cast):
    """Give Bob a custom role of some abilities."""

    def do(*abilities):
        with no_context(), tenant(cast.acme, cast.alice):
            values = {"name": "Clerk", "base": "viewer", "by": cast.alice}
            role = create_role(abilities=abilities, **values)
            members = Membership.objects.select_related("user", "custom_role")
            member = members.get(user=cast.bob)
            give_role(membership=member, role=role, by=cast.alice)

    return do


@pytest.mark.parametrize("who", ["alice", "adam", "bob", "vera"])
def test_whoever_sees_tasks_may_take_them_along(request, cast, acme_board, who):
    acme_board.add("First")
    client = request.getfixturevalue(f"as_{who}")
    assert len(table(body(client.post(EXPORT, {"format": "csv"})))) == 1
    [entry] = exports(cast)
    assert (entry.actor_id, entry.before) == (getattr(cast, who).pk, {})


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_that_sees_no_tasks_takes_none(as_bob, cast, give, acme_board, method):
    give("members.view")
    acme_board.add("Secret")
    answer = getattr(as_bob, method)(EXPORT, {"format": "csv"})
    assert answer.status_code == 403
    assert "Secret" not in answer.text
    assert exports(cast) == []


def test_a_role_that_sees_members_gets_addresses(as_bob, give, acme_board, taken):
    give("tasks.view", "members.view")
    acme_board.add("First")
    assert table(taken(as_bob))[0]["created_by"] == "alice@example.com"


def test_json_has_no_addresses_for_whoever_sees_no_members(
    as_bob, cast, give, acme_board, taken
):
    give("tasks.view")
    acme_board.add("First", assignees=[cast.vera])
    line = json.loads(taken(as_bob, kind="jsonl"))
    assert (line["created_by"], line["assignees"]) == (
        "Alice Example",
        ["Vera Example"],
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_signed_out_is_led_to_the_sign_in(client, cast, acme_board, method):
    acme_board.add("Secret")
    answer = getattr(client, method)(EXPORT, {"format": "csv"})
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert exports(cast) == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(as_alice, cast, method):
    assert getattr(as_alice, method)(EXPORT).status_code == 405
    assert exports(cast) == []


def test_who_belongs_nowhere_takes_nothing(as_nora, cast, acme_board):
    acme_board.add("Secret")
    answer = as_nora.post(EXPORT, {"format": "csv"})
    assert not answer.streaming
    assert b"Secret" not in answer.content
    assert exports(cast) == []


def test_an_export_is_told_where_it_happened(as_charlie, cast, globex_board, taken):
    globex_board.add("Theirs")
    assert [row["key"] for row in table(taken(as_charlie))] == ["GLO-1"]
    assert exports(cast) == []
    [entry] = exports(cast, "globex")
    assert (entry.actor_id, entry.after) == (cast.charlie.pk, {"format": "csv"})


def test_each_export_is_told_and_a_look_at_the_page_is_not(as_bob, cast, taken):
    as_bob.get(EXPORT)
    as_bob.post(EXPORT, {"format": "xlsx"})
    assert exports(cast) == []
    taken(as_bob)
    taken(as_bob, kind="excel")
    assert [entry.after["format"] for entry in exports(cast)] == ["csv", "excel"]


def test_what_is_not_a_condition_is_not_told(as_bob, cast, acme_board, taken):
    taken(as_bob, "?status=odd&priority=9&assignee=x&label=y&team=z&cursor=1_2")
    assert [entry.after for entry in exports(cast)] == [{"format": "csv"}]


def test_a_refusal_says_why_and_keeps_the_conditions(as_bob, acme_board):
    acme_board.add("Order salt")
    acme_board.add("Sweep")
    answer = as_bob.post(f"{EXPORT}?q=salt", {"format": "xlsx"})
    assert answer.status_code == 422
    assert "xlsx is not one of the available choices." in answer.text
    assert "1 task, as the list is filtered now" in answer.text
    assert 'href="/tasks/?q=salt"' in answer.text


def test_without_a_format_one_is_asked_for(as_bob):
    answer = as_bob.post(EXPORT, {})
    assert answer.status_code == 422
    assert "This field is required." in answer.text


def test_the_page_of_nothing_counts_nothing(as_bob):
    page = as_bob.get(EXPORT)
    assert page.status_code == 200
    assert "0 tasks, as the list is filtered now" in page.text
    assert page.context["number"] == 0


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("csv", ",".join(COLUMNS) + "\r\n"),
        ("excel", "\ufeff" + ",".join(COLUMNS) + "\r\n"),
        ("jsonl", ""),
    ],
)
def test_a_file_of_no_tasks_has_its_headings(as_bob, cast, taken, kind, text):
    assert taken(as_bob, kind=kind) == text
    assert len(exports(cast)) == 1


@pytest.mark.parametrize(
    ("kind", "ending", "content"),
    [
        ("csv", "csv", "text/csv; charset=utf-8"),
        ("excel", "csv", "text/csv; charset=utf-8"),
        ("jsonl", "jsonl", "application/x-ndjson; charset=utf-8"),
    ],
)
def test_each_format_says_what_it_is(as_bob, kind, ending, content):
    answer = as_bob.post(EXPORT, {"format": kind})
    assert answer["Content-Type"] == content
    assert answer["Content-Disposition"].endswith(f'.{ending}"')
    assert answer.streaming


def test_every_format_can_be_written():
    assert set(FORMATS) == set(WRITERS) == set(TYPES) == set(ENDINGS)


def test_the_export_answers_scripts_as_it_answers_others(as_bob, acme_board):
    acme_board.add("First")
    plain_answer = body(as_bob.post(EXPORT, {"format": "csv"}))
    headers = {"HX-Request": "true"}
    scripted = as_bob.post(EXPORT, {"format": "csv"}, headers=headers)
    assert body(scripted) == plain_answer


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_no_task_is_lost_between_batches(as_bob, acme_board, taken, monkeypatch, count):
    monkeypatch.setattr(rows, "BATCH", 2)
    if count:
        acme_board.add_many(count)
    lines = taken(as_bob, kind="jsonl").splitlines()
    assert [json.loads(line)["title"] for line in lines] == [
        f"Task {number}" for number in range(count)
    ]


def test_a_task_removed_while_it_is_sent_is_left_out(
    as_bob, cast, acme_board, monkeypatch
):
    monkeypatch.setattr(rows, "BATCH", 1)
    acme_board.add_many(3)
    pieces = iter(as_bob.post(EXPORT, {"format": "csv"}).streaming_content)
    begun = next(pieces) + next(pieces)
    with no_context(), acme_board.inside():
        acme_board.all()[1].remove(by=cast.alice)
    rest = b"".join(pieces)
    assert b"Task 0" in begun
    assert b"Task 2" in rest
    assert b"Task 1" not in rest


def test_a_task_edited_before_its_batch_is_sent_as_it_is_then(
    as_bob, cast, acme_board, monkeypatch
):
    monkeypatch.setattr(rows, "BATCH", 1)
    first, second = acme_board.add_many(2)
    pieces = iter(as_bob.post(EXPORT, {"format": "csv"}).streaming_content)
    next(pieces), next(pieces)
    with no_context(), acme_board.inside():
        second.edit(by=cast.alice, title="New words")
    assert b"New words" in b"".join(pieces)
    assert acme_board.now(first).title == "Task 0"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80))
def test_every_text_is_one_cell(text):
    line = io.StringIO(newline="")
    csv.writer(line).writerow([cell("title", text), "end"])
    [found] = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert found[1] == "end"
    assert found[0] in {text, f"'{text}"}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("due_date", None, ""),
        ("priority", 5, "5"),
        ("priority", -1, "'-1"),
        ("assignees", [], ""),
        ("assignees", ["a@b.c", "d@e.f"], "a@b.c;d@e.f"),
        ("assignees", ["=a", "b"], "'=a;b"),
        ("labels", [], ""),
        ("team", "", ""),
    ],
)
def test_values_become_cells(name, value, text):
    assert cell(name, value) == text


@pytest.mark.parametrize("value", [None, 0, "", "text", ["a"], 10**40])
def test_what_has_no_calendar_stays_plain(value):
    assert plain(value) == value
