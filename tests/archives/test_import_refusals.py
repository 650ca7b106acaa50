"""What is not taken in under Settings, Import, each with its sentence."""

import json
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from config import settings as project
from organizations.archives import signing
from organizations.archives.models import Refusal, Stage
from organizations.archives.writing import MANIFEST, SIGNATURE
from organizations.models import Organization, files_of
from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.archives.arriving import (
    NEW,
    add_task,
    arrivals,
    at,
    bring,
    confirm,
    recorded,
    sent,
    stored,
    taken_in,
    the_one,
    titles,
)
from tests.archives.conftest import (
    changed,
    exported,
    forged,
    hashed,
    members_of,
    packed,
    signed,
)
from tests.conftest import signed_in_client
from tests.personal.conftest import prove


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


@pytest.fixture
def data(cast):
    add_task(cast, "In the archive")
    return exported(cast.acme)


def another_version(data):
    found = members_of(data)
    manifest = json.loads(found.pop(MANIFEST))
    del found[SIGNATURE]
    return signed(found, json.dumps(manifest | {"version": 2}).encode())


def no_manifest_of_ours(data):
    return signed({}, b'{"format": "something else"}')


def of_a_stranger(data):
    """The same archive, signed by whoever has another secret."""
    found = members_of(data)
    before, signing.settings.SECRET_KEY = signing.settings.SECRET_KEY, "x" * 50
    try:
        found[SIGNATURE] = signing.signature(found[MANIFEST])
    finally:
        signing.settings.SECRET_KEY = before
    return packed(found)


AT_ONCE = {
    "empty": (lambda data: b"", "That file is empty."),
    "text": (lambda data: b"Title\nOrder tyres\n", Refusal.NOT_ZIP.label),
    "cut off": (lambda data: data[: len(data) // 2], Refusal.NOT_ZIP.label),
    "its end only": (lambda data: data[-100:], Refusal.NOT_ZIP.label),
    "any ZIP": (lambda data: packed({"a.txt": b"a"}), Refusal.NOT_ARCHIVE.label),
    "an empty ZIP": (lambda data: packed({}), Refusal.NOT_ARCHIVE.label),
    "no manifest": (
        lambda data: changed(data, {MANIFEST: None}),
        Refusal.NOT_ARCHIVE.label,
    ),
    "no signature": (
        lambda data: changed(data, {SIGNATURE: None}),
        Refusal.NOT_ARCHIVE.label,
    ),
    "no signature in it": (
        lambda data: changed(data, {SIGNATURE: b"{}"}),
        Refusal.DAMAGED.label,
    ),
    "another manifest": (
        lambda data: changed(data, {MANIFEST: b"{}"}),
        Refusal.DAMAGED.label,
    ),
    "a manifest of something else": (no_manifest_of_ours, Refusal.NOT_ARCHIVE.label),
    "a stranger's": (of_a_stranger, Refusal.STRANGER.label),
    "another version": (another_version, Refusal.VERSION.label),
}


# cap 13
@pytest.mark.parametrize("kind", list(AT_ONCE))
def test_it_is_refused_with_a_sentence_before_it_is_kept(cast, alice, data, kind):
    make, sentence = AT_ONCE[kind]
    before = hashed(cast.acme)["everything"]
    answer = bring(alice, make(data))
    assert answer.status_code == 422
    assert str(sentence) in answer.text.replace("&#x27;", "'")
    assert 'name="file"' in answer.text
    assert arrivals(cast.acme) == []
    assert stored(cast.acme) == []
    assert recorded(cast.acme) == []
    assert hashed(cast.acme)["everything"] == before


def test_without_a_file_it_says_so(cast, alice):
    answer = alice.post(NEW, {})
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    assert arrivals(cast.acme) == []


def test_another_organizations_archive_is_refused_and_not_named(cast, alice):
    theirs = exported(cast.globex)
    before = hashed(cast.globex)["everything"]
    answer = bring(alice, theirs, "theirs.zip")
    assert answer.status_code == 422
    assert "That is the archive of another organization." in answer.text
    assert "Globex" not in answer.text
    assert str(cast.globex.pk) not in answer.text
    assert stored(cast.acme) == stored(cast.globex) == []
    assert hashed(cast.globex)["everything"] == before


def test_one_that_is_too_large_is_told_by_how_much(cast, alice, data, settings):
    settings.ARCHIVE_MAX_BYTES = 1000
    assert len(data) > 1000
    answer = bring(alice, data)
    assert answer.status_code == 422
    assert "That file is too large: 1000\xa0bytes at most." in answer.text
    assert "Up to 1000\xa0bytes." in answer.text
    assert stored(cast.acme) == []


def test_a_body_beyond_all_measure_is_not_read(alice):
    length = str(project.ARCHIVE_MAX_BYTES + 200_000)
    answer = alice.generic("POST", NEW, b"", CONTENT_LENGTH=length)
    assert answer.status_code == 413


@pytest.mark.parametrize("token", ["", "x", "a" * 64])
def test_without_the_forms_token_nothing_is_kept(cast, data, token):
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in_client(cast.alice, cast.acme.pk).cookies
    answer = client.post(NEW, sent(data) | {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert stored(cast.acme) == []


def broken(data):
    """An archive whose manifest is right, and a file of it is not."""
    name = next(one for one in members_of(data) if one.startswith("csv/"))
    return changed(data, {name: b"others"})


def without_a_file(data):
    name = next(one for one in members_of(data) if one.startswith("csv/"))
    return changed(data, {name: None})


def with_an_unknown_table(data):
    def change(files, manifest):
        files["rows/zoo_animal.jsonl"] = b""
        manifest["tables"]["zoo_animal"] = {"rows": 0, "columns": {"id": "uuid"}}

    return forged(data, change)


def with_an_unknown_column(data):
    def change(files, manifest):
        manifest["tables"]["tasks_task"]["columns"]["smell"] = "text"

    return forged(data, change)


def with_another_log(data):
    def change(files, manifest):
        name = "rows/audit_auditentry.jsonl"
        first, rest = files[name].split(b"\n", 1)
        row = json.loads(first) | {"action": "task.invented"}
        files[name] = json.dumps(row).encode() + b"\n" + rest

    return forged(data, change)


LATER = {
    "changed bytes": (broken, Refusal.DAMAGED),
    "a missing file": (without_a_file, Refusal.DAMAGED),
    "an unknown table": (with_an_unknown_table, Refusal.VERSION),
    "an unknown column": (with_an_unknown_column, Refusal.VERSION),
    "another log": (with_another_log, Refusal.LOG),
}


@pytest.mark.parametrize("kind", list(LATER))
def test_what_the_worker_finds_is_told_on_the_page(cast, alice, data, run_jobs, kind):
    make, why = LATER[kind]
    assert bring(alice, make(data)).status_code == 302
    run_jobs()
    arrival = the_one(cast.acme)
    assert (arrival.stage, arrival.refusal) == (Stage.FAILED, why)
    text = alice.get(at(arrival)).text.replace("&#x27;", "'")
    assert str(why.label) in text
    assert "Nothing was changed." in text
    assert at(arrival, "confirm/") not in text
    assert recorded(cast.acme)[-1] == ("refused", None)
    assert stored(cast.acme) == []
    assert titles(cast.acme) == {"In the archive"}


def test_after_a_refusal_another_can_be_brought(cast, alice, data, run_jobs):
    bring(alice, broken(data))
    run_jobs()
    bring(alice, data)
    run_jobs()
    assert [one.stage for one in arrivals(cast.acme)] == ["failed", "compared"]


@pytest.fixture
def confirmed(cast, alice, data, run_jobs):
    """An import that an owner has confirmed, and the worker not begun."""
    add_task(cast, "Made since")
    bring(alice, data)
    run_jobs()
    arrival = the_one(cast.acme)
    confirm(alice, arrival)
    return arrival


def failed(cast, why):
    arrival = the_one(cast.acme)
    assert (arrival.stage, arrival.refusal) == (Stage.FAILED, why)
    assert titles(cast.acme) == {"In the archive", "Made since"}
    assert taken_in(cast.acme) == []
    assert recorded(cast.acme)[-1] == ("refused", None)
    with no_context(), tenant(cast.acme):
        assert Organization.objects.get(pk=cast.acme.pk).deleted_at is None


def test_a_file_that_has_gone_changes_nothing(cast, confirmed, run_jobs):
    default_storage.delete(confirmed.file)
    run_jobs()
    failed(cast, Refusal.TROUBLE)


def test_a_file_that_was_exchanged_meanwhile_changes_nothing(
    cast, confirmed, data, run_jobs
):
    default_storage.delete(confirmed.file)
    with default_storage.open(confirmed.file, "wb") as file:
        file.write(broken(data))
    run_jobs()
    failed(cast, Refusal.DAMAGED)


def test_another_organizations_file_in_its_place_changes_nothing(
    cast, confirmed, run_jobs
):
    theirs = exported(cast.globex)
    before = hashed(cast.globex)["everything"]
    default_storage.delete(confirmed.file)
    with default_storage.open(confirmed.file, "wb") as file:
        file.write(theirs)
    run_jobs()
    failed(cast, Refusal.ANOTHER)
    assert hashed(cast.globex)["everything"] == before


def test_an_address_that_is_taken_meanwhile_changes_nothing(
    cast, alice, data, run_jobs
):
    add_task(cast, "Made since")
    with no_context(), tenant(cast.acme, cast.alice):
        Organization.objects.filter(pk=cast.acme.pk).update(slug="acme-now")
    with no_context(), tenant(cast.globex, cast.charlie):
        Organization.objects.filter(pk=cast.globex.pk).update(slug="acme")
    bring(alice, data)
    run_jobs()
    confirm(alice, the_one(cast.acme), "acme-now")
    run_jobs()
    failed(cast, Refusal.ADDRESS)


def test_a_plan_that_does_not_hold_it_changes_nothing(cast, alice, data, run_jobs):
    with no_context(), tenant(cast.acme):
        Task.objects.all().delete()
    add_task(cast, "Made since")
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(limits={"tasks": 0})
    bring(alice, data)
    run_jobs()
    confirm(alice, the_one(cast.acme))
    run_jobs()
    arrival = the_one(cast.acme)
    assert (arrival.stage, arrival.refusal) == (Stage.FAILED, Refusal.PLAN)
    assert titles(cast.acme) == {"Made since"}
    assert taken_in(cast.acme) == []


def test_a_storage_that_fails_in_the_middle_changes_nothing(
    cast, alice, run_jobs, monkeypatch
):
    add_task(cast, "In the archive")
    name = f"{files_of(cast.acme.pk)}/gallery/one.webp"
    default_storage.save(name, ContentFile(b"one"))
    data = exported(cast.acme)
    default_storage.delete(name)
    add_task(cast, "Made since")
    bring(alice, data)
    run_jobs()
    confirm(alice, the_one(cast.acme))

    def refuse(*args, **how):
        raise OSError("the storage is full")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", refuse)
        run_jobs()
    failed(cast, Refusal.TROUBLE)
    assert not default_storage.exists(name)


def test_each_refusal_has_a_sentence_that_ends():
    for one in Refusal:
        assert str(one.label).endswith(".")
        assert len(one) <= 20
    assert os.sep not in "".join(Refusal.values)
