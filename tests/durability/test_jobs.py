"""A job that was promised is done, however often the worker dies."""

from config.devdb import cluster
from tests.durability.client import Browser
from tests.durability.conftest import House, wait_until

PEOPLE = 12
# Stalled jobs are picked up within a minute; then they are tried again.
SECONDS_TO_CATCH_UP = 90


def unfinished(house: House) -> int:
    with cluster.connect(house.place, "insula") as session:
        row = session.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded' "
            "AND task_name <> 'retry_stalled'"
        ).fetchone()
    assert row
    return int(str(row[0]))


def jobs(house: House) -> int:
    with cluster.connect(house.place, "insula") as session:
        row = session.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name <> 'retry_stalled'"
        ).fetchone()
    assert row
    return int(str(row[0]))


def test_jobs_of_a_killed_worker_are_done_in_the_end(house: House) -> None:
    before = jobs(house)
    for number in range(PEOPLE):
        browser = Browser(house.address)
        browser.get("/accounts/signup/")
        status = browser.post(
            "/accounts/signup/",
            email=f"newcomer-{number}@example.com",
            name=f"Newcomer {number}",
            first_name="New",
            last_name=f"Comer {number}",
            password1="correct horse battery",
        )
        assert status == 302, f"sign-up answered {status}"
        if number % 4 == 0:
            house.kill("worker")
    assert jobs(house) > before
    wait_until(lambda: not unfinished(house), SECONDS_TO_CATCH_UP, "all jobs are done")
