"""Attaching files to a task, fetching them, taking them away."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests.attachments.conftest import HTMX, address, upload, uploads
from tests.pictures.conftest import picture

UNKNOWN = "019aa000-0000-7000-8000-000000000000"


def test_files_are_kept_counted_and_recorded_each(as_bob, cast, folder):
    sent = uploads(upload("plan.txt", b"Dig here."), upload("sums.csv", b"1,2"))
    answer = as_bob.post(folder.new, sent)
    assert answer["Location"] == f"{folder.page}#files"
    plan, sums = folder.all()
    assert (plan.name, plan.size, plan.content_type) == ("plan.txt", 9, "text/plain")
    assert (sums.name, sums.uploaded_by_id) == ("sums.csv", cast.bob.pk)
    assert folder.used() == 12
    assert len(folder.stored()) == 2
    assert plan.path.startswith(f"{folder.place}/")
    entries = folder.board.history(folder.task, "attachment.added")
    facts = {"attachment": str(plan.pk), "name": "plan.txt", "size": 9}
    assert facts in [entry.after for entry in entries]
    assert len(entries) == 2


def test_the_page_lists_them_and_tells_who_attached_what(as_vera, folder):
    file = folder.add("plan <b>.txt")
    page = as_vera.get(folder.page).text
    assert address(file) in page
    assert "plan &lt;b&gt;.txt" in page
    assert "9 bytes" in page
    assert "attached plan &lt;b&gt;.txt" in page
    assert "Upload" not in page
    assert "delete/" not in page


def test_with_htmx_the_answer_is_the_list(as_bob, folder):
    answer = as_bob.post(folder.new, uploads(), **HTMX)
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<section")
    assert "plan.txt" in answer.text


def test_the_form_has_a_page_of_its_own(as_bob, folder):
    page = as_bob.get(folder.new)
    assert page.status_code == 200
    assert "Files of ACME-1" in page.text
    assert 'enctype="multipart/form-data"' in page.text


# Each with a name, bytes and what it is served as.
KINDS = [
    ("a.PDF", b"%PDF-1.7", "application/pdf"),
    ("a.docx", b"PK\3\4", "application/vnd.openxmlformats-officedocument"),
    ("a.html", b"<script>alert(1)</script>", "application/octet-stream"),
    ("a.svg", b"<svg onload=alert(1)>", "application/octet-stream"),
    ("a.xml", b"<?xml version='1.0'?>", "application/octet-stream"),
    ("a.png", b"no picture at all", "application/octet-stream"),
    ("a.js", b"alert(1)", "application/octet-stream"),
    ("a", b"?", "application/octet-stream"),
    ("a.txt", picture("PNG"), "image/png"),
    ("a.jpg", picture("JPEG") + b"<script>", "application/octet-stream"),
]


@pytest.mark.parametrize(("name", "data", "kind"), KINDS)
def test_a_file_comes_back_byte_for_byte_and_is_never_shown(
    as_vera, folder, name, data, kind
):
    file = folder.add(name, data)
    answer = as_vera.get(address(file))
    assert answer.status_code == 200
    assert answer.content == data
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("../../etc/passwd", "passwd"),
        ("C:\\plans\\new.txt", "new.txt"),
        ("a\r\nSet-Cookie: b=c.txt", "aSet-Cookie: b=c.txt"),
        ("x" * 240 + ".tar", "x" * 196 + ".tar"),
        ("Zoë 漢字 😀.txt", "Zoë 漢字 😀.txt"),
        ('say "hi".txt', 'say "hi".txt'),
    ],
)
def test_a_name_is_shown_as_it_can_be_read(as_bob, folder, name, shown):
    file = folder.add(name)
    assert folder.names() == [shown]
    answer = as_bob.get(address(file))
    assert answer.status_code == 200
    assert "\n" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_gets_a_small_drawing_of_our_own(as_vera, folder, kind):
    file = folder.add(f"step.{kind.lower()}", picture(kind))
    answer = as_vera.get(address(file, "small/"))
    assert answer["Content-Type"] == "image/webp"
    small = answer.content
    assert Image.open(io.BytesIO(small)).format == "WEBP"
    assert file.thumbnail_size == len(small)
    assert folder.used() == file.size + len(small)
    assert address(file, "small/") in as_vera.get(folder.page).text


def test_what_is_no_picture_has_no_small_drawing(as_vera, folder):
    file = folder.add("plan.txt")
    assert as_vera.get(address(file, "small/")).status_code == 404
    assert address(file, "small/") not in as_vera.get(folder.page).text


def test_a_picture_too_large_to_draw_is_kept_without_one(as_bob, folder, settings):
    settings.PICTURE_MAX_PIXELS = 100
    file = folder.add("step.png", picture())
    assert (file.content_type, file.thumbnail_size) == ("image/png", 0)


def test_a_file_that_is_lost_is_missing(as_bob, folder):
    file = folder.add()
    default_storage.delete(file.path)
    assert as_bob.get(address(file)).status_code == 404


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose a file first."),
        ([upload("a.txt", b"")], "A file is empty. Choose another one."),
        ([upload("ok.txt"), upload("a.txt", b"")], "A file is empty."),
        ([upload("big.bin", b"x" * 101)], "big.bin is larger than 100 bytes."),
    ],
)
@pytest.mark.parametrize("how", [{}, HTMX])
def test_what_cannot_be_kept_is_refused_beside_the_field(
    as_bob, folder, settings, files, words, how
):
    settings.ATTACHMENT_MAX_BYTES = 100
    for file in files:
        file.seek(0)
    answer = as_bob.post(folder.new, {"uploads": files}, **how)
    assert answer.status_code == 422
    assert words in answer.text
    assert (folder.names(), folder.stored(), folder.used()) == ([], [], 0)
    assert folder.actions() == []


def test_a_task_has_so_many_files_and_no_more(as_bob, folder, settings):
    settings.ATTACHMENTS_MOST = 2
    first = folder.add("1.txt")
    answer = as_bob.post(folder.new, uploads(upload("2.txt"), upload("3.txt")))
    assert answer.status_code == 422
    assert "A task has at most 2 files. Remove one first." in answer.text
    assert (folder.names(), len(folder.stored())) == (["1.txt"], 1)
    assert as_bob.post(folder.new, uploads(upload("2.txt"))).status_code == 302
    as_bob.post(address(first, "delete/"))
    assert as_bob.post(folder.new, uploads(upload("3.txt"))).status_code == 302
    answer = as_bob.post(address(first, "restore/"), follow=True)
    assert "The task has as many files as it can have." in answer.text
    assert folder.names() == ["2.txt", "3.txt"]


def test_removing_can_be_undone(as_bob, folder):
    file = folder.add()
    answer = as_bob.post(address(file, "delete/"), follow=True)
    assert "plan.txt is removed" in answer.text
    assert address(file, "restore/") in answer.text
    assert as_bob.get(address(file)).status_code == 404
    assert folder.names() == []
    answer = as_bob.post(address(file, "restore/"), follow=True)
    assert "plan.txt is back" in answer.text
    assert "removed the file plan.txt" in answer.text
    assert "brought back the file plan.txt" in answer.text
    assert folder.names() == ["plan.txt"]
    kinds = ["added", "removed", "restored"]
    assert folder.actions() == [f"attachment.{kind}" for kind in kinds]


def test_removing_with_htmx_answers_with_the_rest_and_an_undo(as_bob, folder):
    first, _second = folder.add("1.txt"), folder.add("2.txt")
    answer = as_bob.post(address(first, "delete/"), **HTMX)
    assert "2.txt" in answer.text
    assert "1.txt" not in answer.text
    assert address(first, "restore/") in answer["HX-Trigger"]


def test_doing_it_twice_is_doing_it_once(as_bob, folder):
    file = folder.add()
    as_bob.post(address(file, "restore/"))
    for _time in range(2):
        as_bob.post(address(file, "delete/"))
    assert folder.actions() == ["attachment.added", "attachment.removed"]


def test_viewers_fetch_and_do_not_change(as_vera, folder):
    file = folder.add()
    assert as_vera.get(address(file)).status_code == 200
    assert as_vera.post(folder.new, uploads()).status_code == 403
    for verb in ("delete/", "restore/"):
        assert as_vera.post(address(file, verb)).status_code == 403
    assert folder.names() == ["plan.txt"]


def test_files_of_others_are_as_missing_ones(as_charlie, folder):
    file = folder.add("step.png", picture())
    for pk in (file.pk, UNKNOWN):
        for verb in ("", "small/"):
            assert as_charlie.get(f"/tasks/files/{pk}/{verb}").status_code == 404
        for verb in ("delete/", "restore/"):
            assert as_charlie.post(f"/tasks/files/{pk}/{verb}").status_code == 404
    assert as_charlie.post(folder.new, uploads()).status_code == 404
    assert folder.names() == ["step.png"]


def test_a_task_in_the_trash_keeps_its_files_to_itself(as_alice, folder):
    file = folder.add()
    as_alice.post(f"{folder.page}delete/")
    assert as_alice.get(address(file)).status_code == 404
    assert as_alice.post(address(file, "delete/")).status_code == 404
    as_alice.post(f"{folder.page}restore/")
    assert as_alice.get(address(file)).status_code == 200
