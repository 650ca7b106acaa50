"""Whatever is uploaded, a sentence says what is wrong with it."""

import codecs
import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.conftest import NEW, PLAIN, Journey, file

NOT_TEXT = "That file is not text. Save it as CSV in UTF-8."
EMPTY = "That file is empty."
ARCHIVE = "That is a spreadsheet or an archive."
ENDLESS = "is too long to be a task"


def zipped():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.csv", b"0" * 5_000_000)
    return made.getvalue()


BAD = {
    "nothing": (b"", EMPTY),
    "blanks": (b" \r\n\r\n ", EMPTY),
    "a mark": (codecs.BOM_UTF8, EMPTY),
    "separators": (b",,,\n,,,\n", EMPTY),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(range(256)),
        NOT_TEXT,
    ),
    "NUL": (b"Title,Status\nOrder\0tyres,done\n", NOT_TEXT),
    "NUL far down": (b"Title\n" + b"Order\n" * 20_000 + b"ty\0res\n", NOT_TEXT),
    "bytes of nothing": (b"Title\n\x81\x8d\x8f\x90\x9d\n", NOT_TEXT),
    "half of UTF-16": (codecs.BOM_UTF16_LE + b"T\0i\0t", NOT_TEXT),
    "an archive": (zipped(), ARCHIVE),
    "a squeezed file": (gzip.compress(b"Title\nOrder\n"), ARCHIVE),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), ARCHIVE),
    "one endless line": (b"Title,Status\n" + b"x" * 10_000_000, ENDLESS),
    "one endless cell": (b'Title,Status\n"' + b"x\n" * 500_000, ENDLESS),
    "an open quote": (b'Title,Status\n"a,b\n' + b"c,d\n" * 60_000, ENDLESS),
    "commas only": (b"Title\n" + b"," * 2_000_000, ENDLESS),
    "no headings": (b"Order tyres,2026-03-01,bob@example.com\nx,y,z\n", "looks like a"),
    "one column": (b"Order tyres\nSweep the yard\n", "There is only one column."),
    "twins": (b"Title,Status,title\na,b,c\n", "Two columns are called “Title”."),
    "headings only": (b"Title,Status\r\n", "no line below them"),
    "wide": (",".join(f"c{n}" for n in range(201)).encode() + b"\nx\n", "200 columns"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_refused_with_a_sentence(journey, kept, entries, name):
    content, words = BAD[name]
    answer = journey.upload(content)
    assert answer.status_code == 422
    assert words in answer.text
    assert (kept(), entries()) == (None, [])


def test_no_file_is_asked_for(journey):
    answer = journey.client.post(NEW, {})
    assert answer.status_code == 422
    assert "This field is required." in answer.text


def test_too_many_lines_are_refused(journey, settings):
    settings.IMPORT_MAX_ROWS = 3
    assert journey.upload("Title\n" + "x\n" * 3).status_code == 302
    answer = journey.upload("Title\n" + "x\n" * 4)
    assert "more than 3 lines" in answer.text


def test_a_file_that_is_too_large_is_refused(journey, settings):
    settings.IMPORT_MAX_BYTES = 1_000
    answer = journey.upload("Title\n" + "x" * 1_000)
    assert answer.status_code == 422
    assert "too large: 1000" in answer.text


def test_an_organization_keeps_only_so_many_files(journey, run_jobs, monkeypatch):
    monkeypatch.setattr("tasks.imports.forms.MOST_KEPT", 2)
    journey.upload(PLAIN)
    journey.upload(PLAIN)
    answer = journey.upload(PLAIN)
    assert answer.status_code == 422
    assert "2 files are kept already." in answer.text
    journey.cancel()
    run_jobs()
    assert journey.upload(PLAIN).status_code == 302


@pytest.mark.parametrize(
    "text",
    [
        "Title\nOrder tyres\n",
        "Title,,\nOrder tyres,x,y\n",
        "Summary,Labels,Labels\nOrder tyres,a,b\n",
        "Title,Status\n\n\nOrder tyres\n\n",
        "Title,Status\rOrder tyres,done\r",
        "Title,Status\nOrder tyres,done,more,than,headings",
    ],
)
def test_what_can_be_read_is_taken(whole, acme_board, text):
    whole(text)
    assert [task.title for task in acme_board.all()] == ["Order tyres"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]
)
def test_encoding_and_delimiter_are_found(whole, acme_board, encoding, delimiter):
    lines = [["Title", "Status"], ["Müll für Zoë, è", "done"], ["Öl; Äpfel", "todo"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    whole(text.encode(encoding))
    titles = [task.title for task in acme_board.all()]
    assert titles == ["Müll für Zoë, è", "Öl; Äpfel"]


@given(st.binary(max_size=3_000))
def test_any_bytes_get_an_answer(as_bob, kept, content):
    assert as_bob.post(NEW, {"file": file(content)}).status_code in {302, 422}


@given(
    st.text(
        st.sampled_from("Title,;\t\"\n\r='@x1/-2026é😀\u202e\x00\x1c"), max_size=300
    ),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_any_table_passes_all_steps(as_bob, kept, run_jobs, text, encoding):
    journey = Journey(as_bob, kept)
    answer = journey.upload(f"Title,Due,Assignee\n{text}".encode(encoding))
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        assert journey.map("title").status_code == 302
        assert as_bob.get(journey.at()).status_code == 200
        journey.start()
        assert set(run_jobs()) <= {"succeeded", "todo"}
        assert kept().state in {"finished", "checked"}


@given(st.text(max_size=300))
def test_any_name_of_a_file_is_shown(as_bob, kept, name):
    content = file(PLAIN)
    content.name = "a" + "".join(filter(str.isalnum, name))[:250]
    answer = as_bob.post(NEW, {"file": content})
    assert answer.status_code == 302
    assert as_bob.get("/tasks/import/").status_code == 200
