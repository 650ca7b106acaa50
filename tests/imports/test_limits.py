"""Large files: taken by one page, read a line at a time."""

import io
import tracemalloc

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import resolve

from organizations.tenancy import no_context, tenant
from tasks.imports import checking, running
from tasks.imports.models import Import
from tasks.imports.reading import Shape, examine, tasks_of
from tasks.imports.texts import Bytes
from tests.imports.conftest import NEW, file

MANY = 200_000
# Far less than the file, which is 19 MB: a batch of records and of tasks.
FLAT = 12_000_000


class Endless(io.RawIOBase):
    """A file of many lines, none of which is kept."""

    def __init__(self, lines):
        self.lines, self.place, self.rest = lines, 0, b"Title,Status,Description\n"

    def seek(self, offset, whence=0):
        self.__init__(self.lines)
        return 0

    def read(self, size=-1):
        while len(self.rest) < size and self.place < self.lines:
            self.rest += b"Task number %d,done,%s\n" % (self.place, b"x" * 70)
            self.place += 1
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


@pytest.fixture
def peak():
    """Return the most memory that a call took, in bytes."""

    def measure(call):
        tracemalloc.start()
        try:
            call()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure


def test_a_file_of_200000_lines_is_examined_in_flat_memory(db, peak):
    found = []
    most = peak(lambda: found.append(examine(Endless(MANY))))
    [(shape, rows)] = found
    assert (shape.headings, rows) == (["Title", "Status", "Description"], MANY)
    assert most < FLAT


@pytest.fixture
def large(journey, kept, monkeypatch):
    """A checked import that reads 200,000 lines, none of which is on any disk."""
    journey.upload("Title,Status,Description\n" + "x,done,y\n")
    journey.map()
    with no_context(), tenant(kept().organization_id):
        Import.objects.update(rows=MANY, state="checking")
    stored = Stored(checking.default_storage)
    monkeypatch.setattr(checking, "default_storage", stored)
    return kept()


class Stored:
    """A storage whose one file is endless."""

    def __init__(self, storage):
        self.storage = storage

    def open(self, name, mode="rb"):
        return Endless(MANY)

    def __getattr__(self, name):
        return getattr(self.storage, name)


def test_200000_lines_are_checked_in_flat_memory(large, kept, peak, cast):
    with no_context(), tenant(cast.acme, cast.bob):
        assert peak(lambda: checking.check(large)) < FLAT
    assert (kept().state, kept().good) == ("checked", MANY)


def test_batches_of_200000_lines_are_drafted_in_flat_memory(large, peak, cast):
    sizes = []
    with no_context(), tenant(cast.acme, cast.bob):
        reading = running.converter(large.shape, large.mapping)

    def draft():
        lines = tasks_of(Endless(MANY), Shape(**large.shape))
        found = running.batches(lines)
        sizes.extend(len(list(running.good(batch, reading))) for batch in found)

    assert peak(draft) < FLAT
    assert sizes == [500] * 400


def test_tasks_are_made_without_keeping_any(journey, run_jobs, peak, kept):
    rows = "".join(f"Task {number},{'x' * 1_000}\n" for number in range(3_000))
    journey.upload(f"Title,Description\n{rows}")
    journey.map()
    run_jobs()
    journey.start()
    assert peak(run_jobs) < 25_000_000
    assert kept().made == 3_000


def test_a_place_in_the_middle_is_found_again():
    shape = Shape("utf-8", ",", ["Title", "Status", "Description"])
    left = tasks_of(Endless(1_000), shape, skip=997)
    assert [record.cells[0] for record in left] == [
        "Task number 997",
        "Task number 998",
        "Task number 999",
    ]
    assert list(tasks_of(Endless(3), shape, skip=9)) == []


def test_a_stream_leaves_its_file_open():
    source = io.BytesIO(b"abc")
    stream = Bytes(source)
    assert stream.read() == b"abc"
    stream.close()
    assert not source.closed


def test_the_upload_takes_more_than_other_pages(as_bob):
    length = str(project.REQUEST_MAX_BYTES + 1)
    answer = as_bob.generic("POST", NEW, b"", CONTENT_LENGTH=length)
    assert answer.status_code != 413
    elsewhere = as_bob.generic("POST", "/tasks/new/", b"", CONTENT_LENGTH=length)
    assert elsewhere.status_code == 413


def test_the_upload_has_its_limit_too():
    length = str(project.IMPORT_MAX_BYTES + 200_000)
    answer = Client().generic("POST", NEW, b"", CONTENT_LENGTH=length)
    assert answer.status_code == 413


def test_only_pages_that_there_are_take_more():
    assert list(project.REQUEST_MAX_BYTES_OF) == [NEW]
    for path, most in project.REQUEST_MAX_BYTES_OF.items():
        assert resolve(path).view_name == "imports:import_create"
        assert most > project.REQUEST_MAX_BYTES


def test_a_file_larger_than_memory_takes_is_kept(journey, kept):
    content = "Title,Description\n" + f"Long,{'x' * 10_000}\n" * 300
    assert len(content) > project.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert journey.client.post(NEW, {"file": file(content)}).status_code == 302
    assert (kept().rows, kept().size) == (300, len(content))
