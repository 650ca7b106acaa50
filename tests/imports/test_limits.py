"""Large files: taken by one page, read a line at a time."""

import io
import tracemalloc

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.urls import resolve

from organizations.tenancy import no_context, tenant
from tasks.changesets import working
from tasks.changesets.models import ChangeSet
from tasks.imports import checking, running
from tasks.imports.models import Import
from tasks.imports.reading import Shape, examine, tasks_of
from tasks.imports.texts import Bytes
from tests.imports.conftest import NEW, file

MANY = 200_000
# Far less than the file, which is 19 MB: a batch of records and of tasks.
FLAT = 12_000_000
# What the allocator keeps back: a list of everything would take more.
SLACK = 1_500_000


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


class EndlessJson(Endless):
    """The same tasks as JSON: in lines, or in an array."""

    head, line, tail = b"", b'{"Title": "Task number %d", "Description": "%s"}\n', b""

    def __init__(self, lines):
        super().__init__(lines)
        self.rest = self.head

    def read(self, size=-1):
        while len(self.rest) < size and self.place < self.lines:
            self.rest += self.line % (self.place, b"x" * 70)
            self.place += 1
            if self.place == self.lines:
                self.rest += self.tail
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


class EndlessArray(EndlessJson):
    """One array, opened by a task of its own."""

    head, tail = b'[{"Title": "First"}', b"]"
    line = b',{"Title": "Task number %d", "Description": "%s"}\n'


@pytest.mark.parametrize(("source", "more"), [(EndlessJson, 0), (EndlessArray, 1)])
def test_many_objects_are_read_in_flat_memory(db, peak, source, more):
    count = 50_000
    found = []

    def look():
        shape, rows = examine(source(count))
        found.extend(
            [shape.headings, rows, sum(1 for _ in tasks_of(source(count), shape))]
        )

    assert peak(look) < FLAT
    assert found == [["Title", "Description"], count + more, count + more]


def test_four_times_the_tasks_take_no_more_memory(
    journey, run_jobs, peak, kept, monkeypatch
):
    # Watching the memory takes a multiple of the time that one job has.
    monkeypatch.setattr(working, "WHILE_SECONDS", 3_600)
    with connection.cursor() as cursor:
        # The tables were empty when the database last looked: it would read them whole
        # for each row.
        cursor.execute("SET LOCAL enable_seqscan = off")
        # It is the memory that is measured, however long a statement takes here.
        cursor.execute("SET LOCAL statement_timeout = 0")
    made, undone = [], []
    for count in (1_000, 4_000):
        rows = "".join(f"Task {n},{'x' * 500},Bulk\n" for n in range(count))
        journey.upload(f"Title,Description,Labels\n{rows}")
        journey.map()
        run_jobs()
        journey.start()
        made.append(peak(run_jobs))
        address = f"/tasks/changes/{kept().change_set_id}/undo/"
        assert journey.client.post(address).status_code == 302
        undone.append(peak(run_jobs))
        with no_context(), tenant(kept().organization_id):
            change = ChangeSet.objects.get(pk=kept().change_set_id)
            assert (change.state, change.reverted) == ("undone", count)
    assert made[1] < made[0] + SLACK
    assert undone[1] < undone[0] + SLACK


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
    limits = project.REQUEST_MAX_BYTES_OF
    larger = [path for path, most in limits.items() if most > project.REQUEST_MAX_BYTES]
    assert larger == [NEW, "/organizations/settings/import/new/"]
    names = {resolve(path).view_name for path in limits}
    assert names == {
        "imports:import_create",
        "archives:arrival_create",
        "intake:stripe_event",
    }


def test_a_file_larger_than_memory_takes_is_kept(journey, kept):
    content = "Title,Description\n" + f"Long,{'x' * 10_000}\n" * 300
    assert len(content) > project.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert journey.client.post(NEW, {"file": file(content)}).status_code == 302
    assert (kept().rows, kept().size) == (300, len(content))
