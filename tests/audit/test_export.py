"""The log as a file, and its proof without Insula."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.audit import verify_log
from organizations.audit.export import harmless
from organizations.audit.recording import build, record, record_many
from organizations.tenancy import no_context, tenant
from tests.history import entries

CSV, JSON, LOG = "/audit/export/csv/", "/audit/export/json/", "/audit/"
PROGRAM = Path(verify_log.__file__)


def text_of(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def table_of(answer):
    return list(csv.DictReader(io.StringIO(text_of(answer))))


def write(cast, number, action="task.moved", **values):
    with no_context(), tenant(cast.acme, cast.alice):
        record_many(
            [
                build(action, cast.acme, by=cast.alice, **values)
                for _one in range(number)
            ]
        )


@pytest.fixture
def run(tmp_path):
    """Run the verifier on a text in a Python that knows nothing of Insula."""

    def verify(text, *arguments):
        file = tmp_path / "log.jsonl"
        file.write_text(text, encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-I", str(PROGRAM), str(file), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
        return ended.returncode, ended.stdout + ended.stderr

    return verify


# cap 70
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_a_table_holds_every_entry_in_order(request, cast, who):
    rows = table_of(request.getfixturevalue(who).post(CSV))
    assert [int(row["sequence"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["action"] == "organization.created"
    assert json.loads(rows[0]["after"])["name"] == "Acme"
    assert rows[-1]["action"] == "audit.exported"


def test_an_export_is_recorded_with_its_filters(as_alice, cast):
    text_of(as_alice.post(JSON, {"action": "member.added", "days": "7"}))
    (entry,) = entries(cast.acme, "audit.exported")
    assert entry.after == {"format": "jsonl", "action": "member.added", "days": "7"}
    assert entry.actor_id == cast.alice.pk


def test_a_file_has_a_name_that_says_what_it_is(as_alice):
    answer = as_alice.post(CSV)
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-acme-')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text_of(answer)


def test_the_filters_of_the_page_hold_for_the_file(as_alice, cast):
    write(cast, 3, "task.moved")
    write(cast, 2, "task.cut")
    rows = table_of(as_alice.post(CSV, {"action": "task.cut"}))
    assert [row["action"] for row in rows] == ["task.cut"] * 2


def test_filters_that_make_no_sense_are_left_out(as_alice):
    values = {"days": "x", "actor": "x", "since": "0000-00-00", "until": "tomorrow"}
    assert len(table_of(as_alice.post(CSV, values))) > 3


# cap 31
def test_no_entry_of_another_organization_is_in_the_file(as_alice, as_charlie, cast):
    write(cast, 1, "acme.secret")
    for path in (CSV, JSON):
        assert "acme.secret" in text_of(as_alice.post(path))
        assert "acme.secret" not in text_of(as_charlie.post(path))


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_take_nothing_out(request, cast, who):
    client = request.getfixturevalue(who)
    for path in (CSV, JSON):
        assert client.post(path).status_code == 403
        assert client.get(path).status_code == 405
    assert client.get("/audit/verifier/").status_code == 403
    assert entries(cast.acme, "audit.exported") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(as_alice, cast, start):
    with no_context(), tenant(cast.acme, cast.alice):
        record("task.edited", by=cast.alice, label=f"{start}cmd|' /C calc'!A0")
    rows = table_of(as_alice.post(CSV, {"action": "task.edited"}))
    assert rows[0]["target"].startswith(f"'{start}")


@given(st.text(max_size=50))
def test_any_text_becomes_a_harmless_cell(text):
    cell = harmless(text)
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_long_log_is_streamed_in_batches(as_alice, cast, monkeypatch):
    monkeypatch.setattr("organizations.audit.export.BATCH", 10)
    write(cast, 45)
    rows = table_of(as_alice.post(CSV, {"action": "task.moved"}))
    assert len(rows) == 45
    assert len({row["sequence"] for row in rows}) == 45


def test_the_whole_log_is_proven_without_insula(as_alice, cast, run):
    write(cast, 20, label="Ünïcödé 😀", after={"a": [1, 2.5, None], "ß": "\u2028"})
    text = text_of(as_alice.post(JSON))
    code, words = run(text)
    lines = text.rstrip("\n").split("\n")
    head = json.loads(lines[-1])["hash"]
    assert (code, head in words, "extract" in words) == (0, True, False)
    assert f"Trusted: {len(lines)} entries" in words
    assert run(text, head)[0] == 0


def test_every_line_is_json_with_what_was_recorded(as_alice, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        record("task.edited", by=cast.alice, before={"a": 1}, after={"a": 2})
    text = text_of(as_alice.post(JSON, {"action": "task.edited"}))
    found = json.loads(text)
    assert (found["entry"]["before"], found["entry"]["after"]) == ({"a": 1}, {"a": 2})
    assert found["entry"]["actor"] == str(cast.alice.pk)
    assert len(found["hash"]) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Alice Example", "Alicf Example"),
        ('"action": "member.added"', '"action": "member.addee"'),
        ('"sequence": 3', '"sequence": 33'),
        ('{"hash":"', '{"hash":"0'),
        ('"entry":', '"entry": '),
    ],
)
def test_a_changed_byte_is_found_in_the_file(as_alice, run, old, new):
    text = text_of(as_alice.post(JSON))
    assert old in text
    code, words = run(text.replace(old, new, 1))
    assert code == 1
    assert words.startswith("NOT TRUSTED: line ")


def test_swapped_and_repeated_lines_are_found(as_alice, run):
    lines = text_of(as_alice.post(JSON)).splitlines(keepends=True)
    swapped = [lines[1], lines[0], *lines[2:]]
    for broken in (swapped, [*lines, lines[-1]], [lines[0], *lines]):
        code, words = run("".join(broken))
        assert code == 1
        assert "comes before" in words


def test_a_cut_end_is_found_by_the_noted_hash(as_alice, run):
    lines = text_of(as_alice.post(JSON)).splitlines(keepends=True)
    head = json.loads(lines[-1])["hash"]
    cut = "".join(lines[:-1])
    assert run(cut)[0] == 0
    code, words = run(cut, head)
    assert code == 1
    assert "not with the noted hash" in words


def test_an_extract_says_that_it_is_one(as_alice, cast, run):
    write(cast, 2)
    write(cast, 1, "task.cut")
    write(cast, 2)
    code, words = run(text_of(as_alice.post(JSON, {"action": "task.moved"})))
    assert code == 0
    assert "It is an extract" in words


@pytest.mark.parametrize(
    "text",
    ["{}\n", "x\n", '{"hash":"' + "0" * 64 + '","entry":{}}\n', "\n", '{"hash":""}\n'],
)
def test_what_is_no_log_is_not_believed(run, text):
    code, words = run(text)
    assert code == 1
    assert "NOT TRUSTED: line 1" in words


def test_the_verifier_says_how_it_is_used(run, tmp_path):
    code, words = run("", "one", "two")
    assert code == 2
    assert "Verify an exported audit log" in words
    ended = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(tmp_path / "missing")],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 2
    assert "cannot be read" in ended.stderr


def test_an_empty_log_has_nothing_to_doubt(run):
    code, words = run("")
    assert code == 0
    assert "Trusted: 0 entries" in words


def test_the_verifier_is_handed_out_as_it_is(as_alice):
    answer = as_alice.get("/audit/verifier/")
    assert answer.content == PROGRAM.read_bytes()
    assert "verify_log.py" in answer["Content-Disposition"]


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer_from_the_verifier(data):
    lines = io.StringIO(data.decode(errors="replace"))
    try:
        count, _head, _gaps = verify_log.verify(lines)
    except verify_log.Fault:
        return
    assert count == 0
