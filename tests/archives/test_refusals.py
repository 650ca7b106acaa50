"""What is refused, and by which name: changed bytes, foreign keys, bombs, strangers."""

import io
import json
import tracemalloc
import zipfile

import pytest
from django.test import override_settings

from organizations.archives import signing
from organizations.archives.reading import MANIFEST_MOST, ArchiveFile, Unreadable
from organizations.archives.writing import MANIFEST, SIGNATURE
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.archives.conftest import (
    changed,
    exported,
    hashed,
    members_of,
    opened,
    packed,
    resigned,
    take_in,
)

ROWS = "rows/tasks_task.jsonl"
OTHER = "another secret of another installation, long enough"
STEPS = 40


def refused(data):
    with pytest.raises(Unreadable) as error:
        opened(data)
    return str(error.value)


@pytest.mark.parametrize(
    "name", [ROWS, "csv/tasks_task.csv", "people.jsonl", "files/gallery/one.webp"]
)
def test_a_changed_file_is_named(both, name):
    data = exported(both.acme)
    text = members_of(data)[name]
    other = bytes([text[0] ^ 1]) + text[1:]
    assert refused(changed(data, {name: other})) == f"{name}: its bytes were changed."
    longer = refused(changed(data, {name: text + b"\n"}))
    assert longer == f"{name}: its size is not the one in the manifest."
    assert refused(changed(data, {name: None})).startswith(f"{name}: it is missing")


def test_a_flipped_byte_is_never_believed(both):
    data = exported(both.acme)
    whole = members_of(data)
    for place in range(0, len(data), len(data) // STEPS):
        flipped = data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]
        try:
            archive = opened(flipped)
        except Unreadable:
            continue
        # The ZIP's own notes, such as a time, are nobody's data.
        found = {name: archive.zip.read(name) for name in archive.zip.namelist()}
        assert found == whole


def test_a_file_nobody_listed_is_named(both):
    data = changed(exported(both.acme), {"rows/extra.jsonl": b"{}"})
    assert refused(data) == "rows/extra.jsonl: it is missing, or not in the manifest."


def test_two_files_of_one_name_are_refused(both):
    members = members_of(exported(both.acme))
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(members, ((ROWS, members[ROWS]),))
    assert refused(data) == "Two files in it have one name."


def test_a_changed_manifest_has_no_signature(both):
    data = exported(both.acme)
    text = members_of(data)[MANIFEST].replace(b'"acme"', b'"other"')
    answer = refused(changed(data, {MANIFEST: text}))
    assert answer == f"{SIGNATURE}: the signature does not fit the manifest."


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b'{"key": "zz"}'])
def test_a_signature_that_is_none_is_refused(both, text):
    assert SIGNATURE in refused(changed(exported(both.acme), {SIGNATURE: text}))


def test_a_missing_signature_or_manifest_is_named(both):
    data = exported(both.acme)
    for name in (SIGNATURE, MANIFEST):
        assert refused(changed(data, {name: None})).startswith(f"{name}: it is missing")


def test_another_installations_archive_is_refused_until_its_key_is_trusted(both):
    with override_settings(SECRET_KEY=OTHER):
        data, key = exported(both.acme), signing.public_key()
    assert key in refused(data)
    assert opened(data, {key}).organization_id == both.acme.pk


def test_a_former_secret_still_verifies(both, settings):
    data = exported(both.acme)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = OTHER
    assert opened(data).organization_id == both.acme.pk


def test_another_version_is_refused(both):
    def change(name, text):
        return text.replace(b'"version": 1', b'"version": 2')

    answer = refused(resigned(exported(both.acme), change))
    assert answer == (
        "manifest.json: it has version 2 of the format; version 1 is read here."
    )


def test_another_kind_of_archive_is_refused(both):
    def change(name, text):
        return text.replace(b"insula-archive", b"insula-picture")

    assert "no archive of an organization" in refused(
        resigned(exported(both.acme), change)
    )


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"\0" * 100])
def test_no_zip_is_refused(db, data):
    assert refused(data) == "It is no ZIP file, or not a whole one."


def test_a_cut_archive_is_refused(both):
    data = exported(both.acme)
    assert refused(data[: len(data) // 2]) == "It is no ZIP file, or not a whole one."


# A file that unpacks to much more than it is.
def test_a_bomb_is_not_unpacked(both):
    data = exported(both.acme)
    bomb = changed(data, {MANIFEST: b" " * (MANIFEST_MOST + 10)})
    assert len(bomb) < MANIFEST_MOST // 100
    assert refused(bomb) == f"{MANIFEST}: it is larger than any that is written."
    large = changed(data, {ROWS: b"\n" * 50_000_000})
    tracemalloc.start()
    answer = refused(large)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer == f"{ROWS}: its size is not the one in the manifest."
    assert most < 20_000_000


def test_a_size_that_lies_is_found_while_reading(both):
    data = exported(both.acme)
    text = members_of(data)[ROWS]
    archive = opened(data)
    archive.zip.getinfo(ROWS).file_size = len(text) - 1
    with pytest.raises(Unreadable, match=ROWS):
        archive.verify_member(ROWS, len(text) - 1, "")


def test_rows_are_counted(both):
    def change(name, text):
        return text * 2 if name == ROWS else text

    answer = refused(resigned(exported(both.acme), change))
    assert answer.startswith("tasks_task: it has 2 rows, not 1")


def test_a_table_nobody_knows_is_refused_before_anything_is_changed(both):
    def change(name, text):
        if name == MANIFEST:
            said = json.loads(text)
            said["tables"]["shelf_book"] = said["tables"]["tasks_task"]
            said["members"]["rows/shelf_book.jsonl"] = said["members"][ROWS]
            return json.dumps(said).encode()
        return text

    data = resigned(exported(both.acme), change)
    data = changed(data, {"rows/shelf_book.jsonl": members_of(data)[ROWS]})
    before = hashed(both.acme)
    with pytest.raises(Unreadable, match="shelf_book: there is no such table here"):
        take_in(data, over=True)
    assert hashed(both.acme) == before


def test_a_column_nobody_knows_is_refused(both):
    def change(name, text):
        if name == MANIFEST:
            said = json.loads(text)
            said["tables"]["tasks_task"]["columns"]["mood"] = "text"
            return json.dumps(said).encode()
        return text

    with pytest.raises(Unreadable, match="nobody knows the column mood here"):
        take_in(resigned(exported(both.acme), change), over=True)


@pytest.mark.parametrize(
    ("column", "value"), [("due_date", None), ("priority", "3"), ("description", "")]
)
def test_an_older_archive_gets_what_a_new_row_gets(both, column, value):
    def change(name, text):
        if name == MANIFEST:
            said = json.loads(text)
            del said["tables"]["tasks_task"]["columns"][column]
            return json.dumps(said).encode()
        if name == ROWS:
            rows = [json.loads(line) for line in text.splitlines()]
            kept = [{c: v for c, v in row.items() if c != column} for row in rows]
            return b"".join(json.dumps(row).encode() + b"\n" for row in kept)
        return text

    going = take_in(resigned(exported(both.acme), change), over=True)
    after = members_of(exported(both.acme))[ROWS].splitlines()
    assert {json.loads(line)[column] for line in after} == {value}
    assert going.has_same_rows


def test_an_older_archive_without_what_a_row_needs_is_refused(both):
    def change(name, text):
        if name == MANIFEST:
            said = json.loads(text)
            del said["tables"]["tasks_task"]["columns"]["number"]
            return json.dumps(said).encode()
        return text

    with pytest.raises(Unreadable, match="it lacks the column number"):
        take_in(resigned(exported(both.acme), change), over=True)


def test_a_log_that_parted_is_refused(both):
    """A log that was written anew elsewhere cannot be laid over this one."""

    def change(name, text):
        return text.replace(b'"task.created"', b'"task.invented"')

    data = resigned(exported(both.acme), change)
    before = hashed(both.acme)
    with pytest.raises(Unreadable, match="the log here is another one from entry"):
        take_in(data, over=True)
    assert hashed(both.acme) == before


def test_a_log_that_was_forged_does_not_come_back_as_it_was(both):
    def change(name, text):
        return text.replace(b'"task.created"', b'"task.invented"')

    data = resigned(exported(both.acme), change)
    with no_context(), tenant(both.globex):
        there = Organization.objects.get(pk=both.globex.pk).name
    with pytest.raises(Unreadable, match="another one from entry"):
        take_in(data, over=True)
    with no_context(), tenant(both.globex):
        assert Organization.objects.get(pk=both.globex.pk).name == there


def test_an_encrypted_member_is_refused(both):
    data = bytearray(exported(both.acme))
    archive = ArchiveFile(io.BytesIO(bytes(data)), signing.own_keys())
    archive.zip.getinfo(ROWS).flag_bits |= 1
    assert zipfile.is_zipfile(io.BytesIO(bytes(data)))
    with pytest.raises(Unreadable, match=ROWS):
        archive.verify()
