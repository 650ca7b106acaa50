import importlib.util
import os

import pytest

from config.devdb import cluster, life
from config.devdb.paths import DevDatabaseError, Place
from tests.devdb.conftest import Join, leave


def test_the_last_to_leave_stops_the_server(join: Join, here: Place) -> None:
    life.hold()
    other = join()
    life.release()
    assert cluster.is_ready(here)
    leave(other)
    life.hold()
    life.release()
    assert cluster.server_pid(here) is None


def test_holding_twice_is_holding_once(here: Place) -> None:
    life.hold()
    life.hold()
    life.release()
    assert cluster.server_pid(here) is None


def test_roles_exist_without_power(here: Place) -> None:
    life.hold()
    with cluster.connect(here, "insula") as session:
        found = session.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'insula%' "
            "AND NOT (rolsuper OR rolbypassrls OR rolcreaterole) ORDER BY rolname"
        ).fetchall()
    roles = ("app", "definer", "operator", "owner")
    assert found == [(f"insula_{role}",) for role in roles]


def test_server_is_private_and_durable(here: Place) -> None:
    life.hold()
    with cluster.connect(here) as session:
        found = session.execute(
            "SELECT current_setting('listen_addresses'), current_setting('fsync'), "
            "current_setting('synchronous_commit')"
        ).fetchone()
    assert found == ("", "on", "on")


def test_stale_pid_of_another_process_does_not_stop_a_start(here: Place) -> None:
    life.hold()
    life.release()
    (here.data / "postmaster.pid").write_text(f"{os.getpid()}\n{here.data}\n")
    life.hold()
    assert cluster.is_ready(here)


def test_folder_of_another_version_is_refused_in_one_sentence(here: Place) -> None:
    life.hold()
    life.release()
    version = here.data / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("12\n")
    with pytest.raises(DevDatabaseError, match="was made by PostgreSQL 12"):
        life.hold()
    version.write_text(made_by)


def test_failed_start_holds_nothing(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "START_TRIES", 1)
    monkeypatch.setitem(cluster.OPTIONS, "no_such_setting", "1")
    with pytest.raises(DevDatabaseError, match=r"does not start: .*no_such_setting"):
        life.hold()
    assert not life.is_held_elsewhere()


def test_missing_programs_are_said_in_one_sentence(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DevDatabaseError, match="run `make setup`"):
        here.programs()
