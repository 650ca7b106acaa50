"""A database being made is whole or not there at all."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.devdb import cluster
from config.devdb.paths import CHECKOUT, Place, work_out

HOLD = "from config import devdb; print('go', flush=True); devdb.hold(); print('held')"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    place = work_out(tmp_path)
    yield place
    cluster.stop(place)
    for folder in (place.base, place.socket):
        shutil.rmtree(folder, ignore_errors=True)


def hold(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=CHECKOUT,
        env={**os.environ, "INSULA_DEVDB_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5])
def test_kill_at_any_moment_of_the_first_start_is_survived(
    empty: Place, tmp_path: Path, seconds: float
) -> None:
    killed = hold(tmp_path)
    assert killed.stdout
    killed.stdout.readline()
    try:
        killed.wait(seconds)
    except subprocess.TimeoutExpired:
        killed.send_signal(signal.SIGKILL)
    killed.communicate()
    again = hold(tmp_path)
    assert again.communicate(timeout=30)[0] == "go\nheld\n"
    assert again.returncode == 0
    assert cluster.server_pid(empty) is None
