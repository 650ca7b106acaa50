"""Web is reloaded and restarted while people ask: not one request fails."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from config.devdb.paths import CHECKOUT
from config.seeds import DEMO_SIGN_INS
from tests.durability.client import Browser
from tests.durability.conftest import HOST, House, wait_until
from tests.durability.steady import Steady

RESTARTS = 20
PACE = 50
SECONDS = 60


class Web:
    """Web as a server runs it, on a socket that somebody else holds open."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.listener = socket.create_server((HOST, 0), backlog=512)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.listener.getsockname()[1]}"

    def start(self) -> None:
        number = self.listener.fileno()
        log = (self.house.home / "web.log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn"),
                *("--config", "python:config.serving", "--bind", f"fd://{number}"),
            ],
            cwd=CHECKOUT,
            env=self.house.environment(),
            pass_fds=[number],
            stdout=log,
            stderr=log,
        )
        log.close()
        wait_until(lambda: len(self.workers()) == 2, SECONDS, "two web processes")

    def workers(self) -> set[int]:
        assert self.process
        try:
            children = psutil.Process(self.process.pid).children()
            return {one.pid for one in children if one.status() != "zombie"}
        except psutil.NoSuchProcess:
            return set()

    def reload(self) -> None:
        """Ask for new processes, and wait until the old ones have ended."""
        assert self.process
        before = self.workers()
        os.kill(self.process.pid, signal.SIGHUP)
        wait_until(
            lambda: len(self.workers()) == 2 and not before & self.workers(),
            SECONDS,
            "other processes",
        )

    def restart(self) -> None:
        """End web as a service manager does, and start it on the same socket."""
        self.stop()
        self.start()

    def stop(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(SECONDS) == 0


@pytest.fixture(scope="module")
def web(house: House) -> Iterator[Web]:
    made = Web(house)
    made.start()
    yield made
    made.stop()
    made.listener.close()


@pytest.mark.parametrize("way", ["reload", "restart"])
def test_nobody_notices(web: Web, way: str) -> None:
    _, email, password = DEMO_SIGN_INS[0]
    browser = Browser(web.address).sign_in(email, password)
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    with Steady(web.address, "/tasks/board/", {"Cookie": cookies}, PACE) as people:
        for number in range(RESTARTS):
            getattr(web, way)()
            enough = people.count + PACE
            wait_until(lambda: people.count >= enough, SECONDS, f"asked {number}")  # noqa: B023
    rate = people.count / people.seconds
    print(
        f"{way}: {people.count} requests, {rate:.0f} a second,"
        f" slowest {people.slowest:.2f} s, {dict(people.statuses)}"
    )
    assert set(people.statuses) == {"200"}
    assert people.count > RESTARTS * PACE
