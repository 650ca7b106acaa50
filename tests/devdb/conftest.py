"""A checkout of its own, and others who use its database."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.devdb import cluster, life, locks, paths, secrets
from config.devdb.paths import CHECKOUT, Place, work_out
from config.management.commands import devdb as command

# A socket's address has 107 bytes: the folder's own path must not count.
LONG_NAME = "a checkout with a very long name " * 4

Start = Callable[[str], subprocess.Popen[str]]
Join = Callable[[], int]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home") / LONG_NAME.strip()
    folder.mkdir()
    yield folder
    here = work_out(folder)
    cluster.stop(here)
    for leftover in (here.base, here.socket):
        shutil.rmtree(leftover, ignore_errors=True)


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Act as a fresh process of that checkout."""
    place = work_out(home)
    place.prepare()
    for module in (command, life, paths, secrets):
        monkeypatch.setattr(module, "place", lambda: place)
    monkeypatch.setattr(life, "_held", None)
    yield place
    life.keep_no_longer(place)
    life.release()


@pytest.fixture
def join(here: Place) -> Iterator[Join]:
    """Let somebody else use the database: the lock is as good as another process."""
    handles: list[int] = []

    def share() -> int:
        handles.append(locks.share(here.base / "life.lock"))
        return handles[-1]

    yield share
    for handle in handles:
        leave(handle)


def leave(handle: int) -> None:
    """End as a killed process does: the lock goes, nothing else happens."""
    try:
        os.close(handle)
    except OSError:
        assert handle


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start Python code in that checkout; whatever is left is killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", f"from config import devdb; {code}"],
            cwd=CHECKOUT,
            env={**os.environ, "INSULA_DEVDB_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def die() -> None:
    """Forget the database as a killed process does, without leaving properly."""
    assert life._held
    leave(life._held[1])
    life._held = None


def kill_server(here: Place) -> None:
    """Kill the server as the kernel would when memory runs out."""
    pid = cluster.server_pid(here)
    assert pid
    os.kill(pid, signal.SIGKILL)
    while cluster.server_pid(here):
        pass
