import os
import stat
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from config import devdb
from config.devdb import cluster, paths
from config.devdb.paths import DevDatabaseError, Place, work_out, write_once
from tests.devdb.conftest import LONG_NAME, Start

SOCKET_LIMIT = 107


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A normal user's place, whoever runs the tests."""
    base = tmp_path / ".devdb"
    return Place(base, base / "server", tmp_path / "socket", None)


def test_socket_address_fits_however_long_the_checkout_is(tmp_path: Path) -> None:
    here = work_out(tmp_path / (LONG_NAME * 3).strip()[:200])
    assert len(str(here.socket / f".s.PGSQL.{paths.PORT}")) < SOCKET_LIMIT


def test_folders_are_closed_to_everybody_else(place: Place) -> None:
    place.prepare()
    found = {mode(folder) for folder in (place.base, place.server, place.socket)}
    assert found == {0o700}


def test_folder_opened_by_hand_is_closed_again(place: Place) -> None:
    place.prepare()
    place.socket.chmod(0o755)
    place.prepare()
    assert mode(place.socket) == 0o700


def test_link_in_place_of_a_folder_is_refused(place: Place, tmp_path: Path) -> None:
    place.socket.symlink_to(tmp_path)
    with pytest.raises(DevDatabaseError, match="belongs to somebody else"):
        place.prepare()


def test_server_of_a_copied_checkout_is_not_taken_for_ours(place: Place) -> None:
    place.data.mkdir(parents=True)
    pid_file = place.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n/somewhere/else\n")
    assert cluster.server_pid(place) is None


@pytest.mark.parametrize("content", ["", "nonsense\n", "1\n"])
def test_unreadable_pid_file_means_no_server(place: Place, content: str) -> None:
    place.data.mkdir(parents=True)
    (place.data / "postmaster.pid").write_text(content)
    assert cluster.server_pid(place) is None


def test_address_names_role_socket_and_database() -> None:
    address = devdb.url("insula_app", "other")
    assert address.startswith("postgres://insula_app@%2F")
    assert unquote(address).endswith(f"{paths.place().socket}:5432/other")


def test_address_is_known_without_starting_anything(start: Start, here: Place) -> None:
    before = sorted(here.server.iterdir())
    out, error = start("print(devdb.url('insula_app'))").communicate()
    assert (unquote(out).strip(), error) == (
        f"postgres://insula_app@{here.socket}:5432/insula",
        "",
    )
    assert sorted(here.server.iterdir()) == before


def test_secret_is_made_once_for_all_processes(start: Start, here: Place) -> None:
    processes = [start("print(devdb.secret('seal'))") for _ in range(3)]
    found = {process.communicate()[0] for process in processes}
    assert len(found) == 1
    assert len(found.pop().strip()) >= 50
    assert mode(here.base / "secret-seal") == 0o600


def test_secrets_of_two_names_differ(here: Place) -> None:
    assert devdb.secret("one") != devdb.secret("two")
    assert devdb.secret("one") == devdb.secret("one")


def test_file_written_once_keeps_its_first_text(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    assert write_once(path, "first") == "first"
    assert write_once(path, "second") == "first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs under another account")
def test_root_keeps_the_server_under_an_account_of_its_own(here: Place) -> None:
    assert here.account
    assert here.server.stat().st_uid == here.account.uid
    assert here.base.stat().st_uid == 0
    assert (mode(here.base), mode(here.server)) == (0o710, 0o700)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as nobody")
def test_other_accounts_cannot_reach_the_socket(here: Place) -> None:
    denied = subprocess.run(
        ["/bin/ls", here.server],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert denied.returncode != 0


def test_new_checkout_in_an_old_place_gets_a_new_database(tmp_path: Path) -> None:
    first = work_out(tmp_path)
    if first.account is None:
        pytest.skip("a normal user's database goes with the checkout")
    for path in (tmp_path / ".devdb").iterdir():
        path.unlink()
    assert work_out(tmp_path).base != first.base
