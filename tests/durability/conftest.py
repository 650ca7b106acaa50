"""A whole Insula of its own, started as people start it, to be killed in parts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from config.devdb import cluster
from config.devdb.paths import CHECKOUT, Place, work_out

SECONDS_TO_START = 120
SECONDS_TO_RECOVER = 30
HOST = "127.0.0.1"


def wait_until(is_true: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


class House:
    """One running Insula: its address, its processes, its database."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.place: Place = work_out(home)
        with socket.create_server((HOST, 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.log = home / "run.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        # As make does: compiled modules are part of a fast start.
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {
            **kept,
            "INSULA_DEVDB_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        }

    def start(self) -> "House":
        with self.log.open("ab") as log:
            self.process = self.run(stdout=log, stderr=log)
        wait_until(lambda: self.has_ended() or self.is_up(), SECONDS_TO_START, "up")
        assert not self.has_ended(), self.log.read_text()[-2000:]
        return self

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def is_up(self) -> bool:
        # What a killed run left behind may answer for another moment.
        return bool(self.pid("web")) and self.is_ready()

    def run(self, **streams: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "run", f"--port={self.port}"],
            cwd=CHECKOUT,
            env=self.environment(),
            **streams,
        )

    def is_ready(self) -> bool:
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def pid(self, part: str) -> int:
        """Return the process id of a part of the house."""
        assert self.process
        if part == "run":
            return self.process.pid
        if part == "postgres":
            return cluster.server_pid(self.place) or 0
        if part == "backend":
            return self.backend()
        try:
            return self.child(part)
        except (psutil.Error, StopIteration):
            return 0

    def child(self, part: str) -> int:
        assert self.process
        mark = "worker" if part == "worker" else "gunicorn"
        children = psutil.Process(self.process.pid).children()
        alive = (one for one in children if one.status() != psutil.STATUS_ZOMBIE)
        found = next(one for one in alive if mark in one.cmdline())
        return int(
            next(iter(found.children())).pid if part == "web worker" else found.pid
        )

    def backend(self) -> int:
        with cluster.connect(self.place) as session:
            row = session.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'insula_app' LIMIT 1"
            ).fetchone()
        return int(str(row[0])) if row else 0

    def kill(self, part: str) -> None:
        wait_until(lambda: self.pid(part), SECONDS_TO_RECOVER, f"{part} runs")
        os.kill(self.pid(part), signal.SIGKILL)

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(SECONDS_TO_RECOVER)

    def leftovers(self) -> list[psutil.Process]:
        """Return the processes of this house that still live."""
        return [one for one in psutil.process_iter() if self.owns(one)]

    def owns(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            home = process.environ().get("INSULA_DEVDB_HOME")
            is_server = str(self.place.data) in process.cmdline()
        except psutil.Error:
            return False
        return process.pid != os.getpid() and (home == str(self.home) or is_server)

    def demolish(self) -> None:
        for process in self.leftovers():
            process.kill()
        if self.process:
            self.process.wait()
        for folder in (self.place.base, self.place.socket):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def house(home: Path) -> Iterator[House]:
    made = House(home)
    try:
        yield made.start()
    finally:
        made.demolish()
