"""What takes a server its time: crowds, kills, and what is found afterwards."""

import shutil

from config.devdb import cluster, life
from config.devdb.paths import Place
from tests.devdb.conftest import Join, Start, die, kill_server

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


def test_database_dropped_by_hand_comes_back(join: Join, here: Place) -> None:
    life.hold()
    join()
    with cluster.connect(here) as session:
        session.execute("DROP DATABASE insula")
    die()
    life.hold()
    with cluster.connect(here, "insula") as session:
        assert session.execute("SELECT current_database()").fetchone() == ("insula",)
