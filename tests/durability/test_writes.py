"""Whatever is killed during writes: what was acknowledged is there, once."""

from collections import Counter

import pytest

from config.devdb import cluster
from config.seeds import DEMO_SIGN_INS
from tests.durability.client import LOST, REDIRECT, Browser, Writers
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

KILLS = 3
WRITES_BETWEEN_KILLS = 15
# A request that was under way may be lost or told to come back, but never fails.
EXCUSED = {LOST, REDIRECT, 503}


@pytest.fixture(scope="module")
def alice(house: House) -> Browser:
    _, email, password = DEMO_SIGN_INS[0]
    return Browser(house.address).sign_in(email, password)


def titles(house: House, name: str) -> Counter[str]:
    with cluster.connect(house.place, "insula") as session:
        rows = session.execute(
            "SELECT title FROM tasks_task WHERE title LIKE %s", [f"{name} %"]
        )
        return Counter(str(title) for (title,) in rows)


@pytest.mark.parametrize("part", ["web", "web worker", "worker", "postgres", "backend"])
def test_acknowledged_writes_survive_a_kill(
    house: House, alice: Browser, part: str
) -> None:
    name = f"Written while {part} died:"
    with Writers(alice, name) as writers:
        for _ in range(KILLS):
            enough = len(writers.acknowledged) + WRITES_BETWEEN_KILLS
            wait_until(
                lambda: len(writers.acknowledged) >= enough,  # noqa: B023
                SECONDS_TO_RECOVER,
                f"people write, answers so far {dict(writers.statuses)}",
            )
            house.kill(part)
        enough = len(writers.acknowledged) + WRITES_BETWEEN_KILLS
        wait_until(
            lambda: len(writers.acknowledged) >= enough,
            SECONDS_TO_RECOVER,
            "people write again",
        )
    found = titles(house, name)
    assert set(writers.acknowledged) - set(found) == set()
    assert [title for title, count in found.items() if count > 1] == []
    assert set(writers.statuses) <= EXCUSED, dict(writers.statuses)


def test_killed_run_loses_nothing(house: House, alice: Browser) -> None:
    name = "Written while run died:"
    with Writers(alice, name) as writers:
        wait_until(
            lambda: len(writers.acknowledged) >= WRITES_BETWEEN_KILLS,
            SECONDS_TO_RECOVER,
            "people write",
        )
        house.kill("run")
        assert house.process
        house.process.wait()
        house.start()
    assert set(writers.acknowledged) - set(titles(house, name)) == set()
