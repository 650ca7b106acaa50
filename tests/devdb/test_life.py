import importlib.util
import os
import shutil

import pytest

from config.devdb import cluster, life
from config.devdb.paths import DevDatabaseError, Place
from tests.devdb.conftest import Join, Start, die, kill_server, leave

SHOW_SERVER = (
    "devdb.hold(); from config.devdb import cluster; "
    "from config.devdb.paths import place; "
    "print(cluster.server_pid(place()), flush=True); import sys; sys.stdin.read()"
)


def test_eight_processes_on_an_empty_folder_share_one_server(
    start: Start, here: Place
) -> None:
    cluster.stop(here)
    shutil.rmtree(here.data, ignore_errors=True)
    processes = [start(SHOW_SERVER) for _ in range(8)]
    servers = {process.stdout.readline() for process in processes}
    assert servers == {f"{cluster.server_pid(here)}\n"}
    processes[0].kill()
    ends = [process.communicate()[1] for process in processes]
    assert ends == [""] * 8
    assert cluster.server_pid(here) is None


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


def test_what_was_committed_survives_a_killed_server(join: Join, here: Place) -> None:
    life.hold()
    with cluster.connect(here) as session:
        session.execute("CREATE TABLE kept AS SELECT 7 AS answer")
    kill_server(here)
    assert life.revive()
    assert not life.revive()
    with cluster.connect(here) as session:
        assert session.execute("SELECT answer FROM kept").fetchone() == (7,)


def test_killed_server_starts_again_for_the_next_process(
    join: Join, here: Place
) -> None:
    life.hold()
    join()
    kill_server(here)
    die()
    life.hold()
    assert cluster.is_ready(here)


def test_forked_child_does_not_stop_the_server(start: Start) -> None:
    process = start(
        "import os, sys; from config.devdb import cluster; "
        "from config.devdb.paths import place; devdb.hold(); "
        "child = os.fork(); child or sys.exit(); os.waitpid(child, 0); "
        "print(cluster.is_ready(place()))"
    )
    assert process.communicate() == ("True\n", "")


def test_forked_child_can_hold_the_server_itself(start: Start) -> None:
    process = start(
        "import os, sys; devdb.hold(); child = os.fork(); "
        "child or (devdb.hold(), devdb.release(), sys.exit()); "
        "print(os.waitpid(child, 0)[1], devdb.is_held_elsewhere())"
    )
    assert process.communicate() == ("0 True\n", "")


def test_half_made_folder_of_a_killed_initdb_is_made_again(here: Place) -> None:
    life.hold()
    life.release()
    draft = here.server / "data.new-abandoned"
    here.data.rename(draft)
    (draft / "PG_VERSION").unlink()
    life.hold()
    assert cluster.is_ready(here)
    assert not draft.exists()


def test_roles_exist_without_power(here: Place) -> None:
    life.hold()
    with cluster.connect(here, "insula") as session:
        found = session.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'insula%' "
            "AND NOT (rolsuper OR rolbypassrls OR rolcreaterole) ORDER BY rolname"
        ).fetchall()
    roles = ("app", "definer", "operator", "owner")
    assert found == [(f"insula_{role}",) for role in roles]


def test_database_dropped_by_hand_comes_back(join: Join, here: Place) -> None:
    life.hold()
    join()
    with cluster.connect(here) as session:
        session.execute("DROP DATABASE insula")
    die()
    life.hold()
    with cluster.connect(here, "insula") as session:
        assert session.execute("SELECT current_database()").fetchone() == ("insula",)


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
