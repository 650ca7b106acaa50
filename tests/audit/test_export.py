"""The log as a file: what it holds, that it can be verified, and that it is streamed."""

import csv
import hashlib
import io
import json
import subprocess
import sys

import pytest
from django.db.models import F
from django.urls import reverse

from organizations.audit import exports, verify_log
from organizations.audit.chain import CanonicalText
from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record
from organizations.tenancy import no_context, tenant
from tests.audit.tampering import inside, write
from tests.history import entries

EXPORT = "/audit/export/"


def export(client, kind="jsonl", **filters):
    answer = client.post(EXPORT, {"format": kind} | filters)
    assert answer.status_code == 200
    return answer


def lines(client, **filters):
    text = export(client, **filters).getvalue().decode()
    return [json.loads(line) for line in text.split("\n")[:-1]]


def table(client, **filters):
    text = export(client, "csv", **filters).getvalue().decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


# cap 70
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_export_is_a_streamed_file_of_the_organization(as_alice, cast, kind):
    write(cast, "globex", number=1)
    answer = export(as_alice, kind)
    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-acme-')
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    text = answer.getvalue().decode()
    assert str(cast.acme.pk) in text or kind == "csv"
    assert str(cast.globex.pk) not in text
    assert "Globex" not in text


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_export_nothing(request, who, cast):
    assert (
        request.getfixturevalue(who).post(EXPORT, {"format": "csv"}).status_code == 403
    )
    assert entries(cast.acme, "audit.exported") == []


def test_an_export_is_a_form_that_is_sent(as_alice):
    assert as_alice.get(EXPORT).status_code == 405


def test_an_export_is_recorded_with_its_filters(as_alice, cast):
    export(as_alice, action="member.added", days="7")
    (entry,) = entries(cast.acme, "audit.exported")
    assert entry.actor_id == cast.alice.pk
    assert entry.after == {"format": "jsonl", "action": "member.added", "days": "7"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"format": "xlsx"},
        {"format": "csv", "since": "yesterday"},
        {"format": "csv", "until": "9999-12-31"},
        {"format": "csv", "since": "0001-01-01"},
        {"format": "csv", "actor": "nobody"},
        {"format": "csv", "object": "x" * 500},
    ],
)
def test_an_export_that_makes_no_sense_is_refused(as_alice, cast, values):
    answer = as_alice.post(EXPORT, values, follow=True)
    assert "Nothing was exported" in answer.text
    assert entries(cast.acme, "audit.exported") == []


# cap 71
def test_each_line_is_the_text_that_was_hashed(as_alice, cast):
    write(cast)
    rows = AuditEntry.objects.annotate(text=CanonicalText(F("sequence")))
    wanted = inside(cast.acme, lambda: list(rows.order_by("sequence")))
    head = ""
    found = lines(as_alice)
    for line, entry in zip(found, wanted, strict=True):
        assert (line["sequence"], line["text"]) == (entry.sequence, entry.text)
        assert line["previous"] == head
        data = bytes.fromhex(head) + line["text"].encode()
        head = hashlib.sha256(data).hexdigest()
        assert line["hash"] == head == bytes(entry.hash).hex()


def test_what_happens_later_is_not_in_an_export(as_alice, cast):
    answer = export(as_alice)
    write(cast, number=3)
    text = answer.getvalue().decode()
    assert "task.moved" not in text
    assert "audit.exported" not in text
    assert "audit.exported" in export(as_alice).getvalue().decode()


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_export_holds_no_more_than_a_batch(
    as_alice, cast, kind, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(exports, "BATCH", 7)
    write(cast, number=50)
    answer = export(as_alice, kind, action="task.moved")
    chunks = iter(answer.streaming_content)
    first = 2 if kind == "jsonl" else 1
    with django_assert_num_queries(first):
        for _line in range(7 + (kind == "csv")):
            next(chunks)
    assert len(list(chunks)) == 43


@pytest.mark.parametrize("size", [1, 2, 9, 500])
def test_batches_of_any_size_make_the_same_file(as_alice, cast, size, monkeypatch):
    write(cast)
    wanted = lines(as_alice, action="task.moved")
    monkeypatch.setattr(exports, "BATCH", size)
    assert lines(as_alice, action="task.moved") == wanted
    assert len(wanted) == 10


def test_a_filtered_line_still_names_the_hash_before_it(as_alice, cast):
    every = {line["sequence"]: line for line in lines(as_alice)}
    for line in lines(as_alice, action="member.added"):
        assert line == every[line["sequence"]]
        before = every.get(line["sequence"] - 1)
        assert line["previous"] == (before["hash"] if before else "")


def test_a_table_has_a_row_for_each_entry(as_alice, cast):
    write(cast, number=2)
    rows = table(as_alice)
    assert [int(row["sequence"]) for row in rows] == list(range(1, len(rows) + 1))
    last = rows[-1]
    assert (last["action"], last["actor_label"]) == ("task.moved", "Bob Example")
    assert json.loads(last["after"]) == {"number": 1}
    assert len(last["hash"]) == 64


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("1=1", "1=1"),
        ("", ""),
        ('a,"b"\nc', 'a,"b"\nc'),
        ("'=1", "'=1"),
    ],
)
def test_no_cell_is_a_formula(as_alice, cast, text, shown):
    with no_context(), tenant(cast.acme):
        record("sample.made", label=text)
    (row,) = table(as_alice, action="sample.made")
    assert row["target_label"] == shown


def test_every_column_is_in_the_table():
    names = {field.attname for field in AuditEntry._meta.concrete_fields}
    assert set(exports.COLUMNS) == names - {"organization_id"}


@pytest.mark.parametrize(
    "text", ["ä☃𝄞", "a\u2028b\u2029c\x85d", "\\", '"', "\\u0041", "\ufeff", "a\r\nb"]
)
def test_odd_text_comes_out_as_it_went_in(as_alice, cast, tmp_path, text):
    with no_context(), tenant(cast.acme):
        record("sample.made", label=text, after={text: [text]})
    (line,) = lines(as_alice, action="sample.made")
    assert json.loads(line["text"])["target_label"] == text
    assert verdict(as_alice, tmp_path)[0] == 0


def verdict(client, tmp_path, *arguments, change=lambda text: text, **filters):
    """Export, do something to the file, and verify it with another Python."""
    path = tmp_path / "export.jsonl"
    text = change(export(client, **filters).getvalue().decode())
    path.write_text(text, encoding="utf-8", newline="")
    run = subprocess.run(
        [sys.executable, "-I", "-S", verify_log.__file__, path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    return run.returncode, run.stdout


# cap 71
def test_an_export_is_verified_without_insula(as_alice, cast, tmp_path):
    write(cast)
    code, said = verdict(as_alice, tmp_path)
    assert code == 0
    last = entries(cast.acme)[1]
    assert "VERIFIED" in said
    assert f"Organization {cast.acme.pk}" in said
    assert f"Last entry: {last.sequence}, hash {bytes(last.hash).hex()}" in said
    assert "extract" not in said


def test_a_filtered_export_says_that_it_has_gaps(as_alice, cast, tmp_path):
    write(cast)
    code, said = verdict(as_alice, tmp_path, action="task.moved")
    assert code == 0
    assert "This is an extract" in said
    assert "the first from 1 to" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("Bob", "Rob", 1), "Line"),
        (lambda text: text.replace("member.added", "member.gone", 1), "was changed"),
        (lambda text: text + text.split("\n")[0] + "\n", "out of order"),
        (lambda text: text + "{}\n", "sequence is missing"),
        (lambda text: text + "[]\n", "not a line of an export"),
        (lambda text: text + "x\n", "not a line of JSON"),
    ],
)
def test_a_changed_export_is_found_at_its_line(as_alice, cast, tmp_path, change, said):
    code, out = verdict(as_alice, tmp_path, change=change)
    assert code == 1
    assert "NOT VERIFIED. Line " in out
    assert said in out


def test_the_verifier_can_be_fetched_beside_the_export(as_alice, as_bob):
    address = reverse("audit:entry_verifier")
    answer = as_alice.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="verify_log.py"'
    compile(answer.content, "verify_log.py", "exec")
    assert address in as_alice.get("/audit/").text
    assert as_bob.get(address).status_code == 403


def test_the_page_offers_both_files_under_its_filters(as_alice, cast):
    page = as_alice.get("/audit/?action=member.added").text
    assert 'action="/audit/export/"' in page
    assert 'name="action" value="member.added"' in page
    assert 'name="format" value="jsonl"' in page
    assert "What these filters show" in page
    assert "The whole log" in as_alice.get("/audit/").text


def test_an_entry_of_staff_is_exported_with_its_impersonator(as_alice, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        entry = build("sample.made", by=cast.alice)
        entry.impersonator_id = cast.olga.pk
        entry.save(force_insert=True)
    (row,) = table(as_alice, action="sample.made")
    assert row["impersonator_id"] == str(cast.olga.pk)
