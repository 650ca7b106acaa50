"""Files go out of a storage and back into one under their names, and nowhere else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from hypothesis import given
from hypothesis import strategies as st

from config.backups import BackupError, files
from config.backups.manifest import Kept, Manifest

NAMES = ["a.txt", "org/1/gallery/b.webp", "org/2/c d.bin"]


@pytest.fixture(params=[InMemoryStorage, FileSystemStorage])
def storage(request, tmp_path):
    if request.param is InMemoryStorage:
        return InMemoryStorage()
    return FileSystemStorage(location=tmp_path / "media")


def described(kept):
    """Return a manifest that names files and nothing else."""
    return Manifest("", "", "", "", 0, {}, Kept(0, ""), {}, [], kept)


def contents(storage):
    found = {}
    for name in files.names(storage):
        with storage.open(name) as file:
            found[name] = file.read()
    return found


def put(storage, names=NAMES):
    for number, name in enumerate(names):
        storage.save(name, ContentFile(bytes([number]) * 70_000))


def test_storage_nobody_used_holds_nothing(storage):
    assert list(files.names(storage)) == []


def test_files_come_back_as_they_were(storage, tmp_path):
    put(storage)
    before = contents(storage)
    kept = files.copy_out(storage, tmp_path / "backup")
    assert sorted(kept) == sorted(NAMES)
    assert {one.bytes for one in kept.values()} == {70_000}
    fresh = FileSystemStorage(location=tmp_path / "fresh")
    assert files.copy_back(fresh, tmp_path / "backup", described(kept)) == 3
    assert contents(fresh) == before


def test_changed_file_is_put_right_and_the_same_ones_stay(storage, tmp_path):
    put(storage)
    before = contents(storage)
    kept = files.copy_out(storage, tmp_path / "backup")
    storage.delete(NAMES[0])
    storage.save(NAMES[0], ContentFile(b"x" * 70_000))
    storage.delete(NAMES[1])
    storage.save("later.txt", ContentFile(b"stays"))
    assert files.copy_back(storage, tmp_path / "backup", described(kept)) == 2
    assert contents(storage) == before | {"later.txt": b"stays"}


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(BackupError, match="outside of its folder"):
        files.below(tmp_path, name)


@given(content=st.binary(max_size=200), other=st.binary(max_size=200))
def test_files_are_the_same_when_all_their_bytes_are(tmp_path_factory, content, other):
    storage = InMemoryStorage()
    storage.save("a", ContentFile(content))
    path = tmp_path_factory.mktemp("same") / "a"
    path.write_bytes(other)
    assert files.same(storage, "a", path) is (content == other)


def test_file_that_goes_meanwhile_is_left_out(tmp_path):
    class Hasty(InMemoryStorage):
        def open(self, name, mode="rb"):
            raise FileNotFoundError(name)

    storage = Hasty()
    put(storage, NAMES[:1])
    assert files.copy_out(storage, tmp_path) == {}
