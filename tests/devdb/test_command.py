import os
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.devdb import cluster, life, locks
from config.devdb.paths import Place
from tests.devdb.conftest import Join


def devdb(action: str, **options: Any) -> str:
    out = StringIO()
    call_command("devdb", action, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def running(here: Place) -> Place:
    life.hold()
    return here


def test_status_of_a_running_server_names_process_and_folder(running: Place) -> None:
    lines = devdb("status").splitlines()
    assert lines[0] == f"state    running as process {cluster.server_pid(running)}"
    assert lines[1:3] == ["in use   yes", "stops    with its last user"]
    assert f"data     {running.data}" in lines


def test_status_of_a_stopped_server_says_so(running: Place) -> None:
    life.release()
    assert devdb("status").startswith("state    stopped\nin use   no\n")


def test_stop_leaves_a_server_in_use_alone(running: Place) -> None:
    assert devdb("stop").startswith("In use")
    assert cluster.is_ready(running)


def test_stop_by_force_stops_a_server_in_use(running: Place) -> None:
    assert "stopped" in devdb("stop", force=True)
    assert cluster.server_pid(running) is None


def test_started_server_stays_until_it_is_stopped(here: Place) -> None:
    assert "stops    by `devdb stop`" in devdb("start")
    assert cluster.is_ready(here)
    assert devdb("stop") == "The development database is stopped.\n"
    assert cluster.server_pid(here) is None


def test_user_leaving_does_not_stop_a_started_server(here: Place) -> None:
    devdb("start")
    life.hold()
    life.release()
    assert cluster.is_ready(here)
    devdb("stop")


def test_stop_in_use_leaves_it_to_the_last_user(join: Join, here: Place) -> None:
    devdb("start")
    join()
    assert devdb("stop").startswith("In use")
    assert not life.is_kept(here)


def test_reset_refuses_while_somebody_works(running: Place) -> None:
    with pytest.raises(CommandError, match="in use"):
        devdb("reset", yes=True)
    assert running.data.exists()


def test_reset_deletes_the_data(running: Place) -> None:
    life.release()
    assert devdb("reset", yes=True) == "The development database is deleted.\n"
    assert not running.data.exists()


def test_reset_without_agreement_deletes_nothing(
    running: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.release()
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        devdb("reset")
    assert running.data.exists()


def test_lock_is_free_again_once_its_holder_closes(here: Place) -> None:
    path = here.base / "some.lock"
    handle = locks.try_exclusive(path)
    assert handle is not None
    assert locks.is_held(path)
    assert locks.try_exclusive(path) is None
    os.close(handle)
    assert not locks.is_held(path)
