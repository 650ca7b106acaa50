"""make run is one thing: it starts whole, ends whole, and comes back after kills."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

SECONDS_TO_START_AGAIN = 5.0


@pytest.fixture
def stopped(house: House) -> Iterator[House]:
    if house.process and house.process.poll() is None:
        house.stop()
    yield house
    if house.process and house.process.poll() is not None:
        house.start()


def nothing_left(house: House) -> None:
    wait_until(lambda: not house.leftovers(), SECONDS_TO_RECOVER, "all have ended")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything(house: House, number: int) -> None:
    assert house.stop(number) == 0
    assert house.leftovers() == []
    house.start()


def test_second_start_takes_less_than_five_seconds(stopped: House) -> None:
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("others keep this machine busy: a start cannot be timed")
    started = time.monotonic()
    stopped.start()
    assert time.monotonic() - started < SECONDS_TO_START_AGAIN


def test_second_run_says_that_it_is_running(house: House) -> None:
    second = house.run(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = second.communicate(timeout=SECONDS_TO_RECOVER)[0].decode()
    assert second.returncode == 1
    assert f"already running from this checkout: {house.address}" in said
    assert "Traceback" not in said
    assert house.is_ready()


def test_of_two_runs_at_once_one_wins(stopped: House) -> None:
    both = [
        stopped.run(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)
    ]
    wait_until(stopped.is_ready, SECONDS_TO_RECOVER, "one is up")
    wait_until(
        lambda: any(one.poll() is not None for one in both), SECONDS_TO_RECOVER, "ends"
    )
    assert sorted(one.poll() or 0 for one in both) == [0, 1]
    for one in both:
        one.terminate()
        one.communicate(timeout=SECONDS_TO_RECOVER)
    nothing_left(stopped)


def test_killed_run_takes_everything_with_it_and_starts_again(house: House) -> None:
    house.kill("run")
    nothing_left(house)
    assert house.process
    house.process.wait()
    house.start()


def test_run_starts_again_at_once_after_a_kill(house: House) -> None:
    house.kill("run")
    assert house.process
    house.process.wait()
    house.start()


@pytest.mark.parametrize("part", ["web", "web worker", "worker", "postgres", "backend"])
def test_killed_part_comes_back(house: House, part: str) -> None:
    wait_until(lambda: house.pid(part), SECONDS_TO_RECOVER, f"{part} runs")
    before = house.pid(part)
    house.kill(part)
    wait_until(
        lambda: (
            house.pid("postgres") and house.pid(part) not in {0, before}
            if part != "backend"
            else house.is_ready()
        ),
        SECONDS_TO_RECOVER,
        f"{part} is back",
    )
    wait_until(house.is_ready, SECONDS_TO_RECOVER, "ready again")
