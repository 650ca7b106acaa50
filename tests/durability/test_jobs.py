"""A job that was promised is done, however often the worker dies."""

import subprocess
import sys

from config.devdb import cluster
from config.devdb.paths import CHECKOUT
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

KILLS = 3
JOBS = 300
# Stalled jobs are picked up within a minute.
SECONDS_TO_CATCH_UP = 90
PROMISE = f"""
from accounts.models import User
from organizations.jobs import enqueue, welcome
from organizations.tenancy import identity
with identity():
    alice = User.objects.get(email="alice@example.com")
    for _ in range({JOBS}):
        enqueue(welcome, user_id=str(alice.pk))
"""


def count(house: House, condition: str) -> int:
    query = (
        "SELECT count(*) FROM procrastinate_jobs "
        f"WHERE task_name LIKE '%welcome%' AND {condition}"
    )
    with cluster.connect(house.place, "insula") as session:
        row = session.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


def test_jobs_of_a_killed_worker_are_done_in_the_end(house: House) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", PROMISE],
        cwd=CHECKOUT,
        env=house.environment(),
        capture_output=True,
        check=True,
    )
    for _ in range(KILLS):
        wait_until(
            lambda: count(house, "status = 'doing'"), SECONDS_TO_RECOVER, "at work"
        )
        house.kill("worker")
    assert count(house, "status <> 'succeeded'")
    wait_until(
        lambda: not count(house, "status <> 'succeeded'"),
        SECONDS_TO_CATCH_UP,
        "every job is done",
    )
    assert count(house, "status = 'succeeded'") >= JOBS
