"""A real standby: pages come from it, stay behind its walls, and outlive it."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config.devdb import cluster
from config.devdb.cluster import OPTIONS
from config.devdb.paths import Place
from config.devdb.secrets import DATABASE
from config.seeds import DEMO_SIGN_INS
from tests.durability.client import REDIRECT, Browser
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

PORT = "5433"


class Standby:
    """A server that follows the house's own."""

    def __init__(self, house: House) -> None:
        self.main = house.place
        self.here: Place = replace(house.place, server=house.place.server / "standby")

    def make(self) -> None:
        self.run(
            "pg_basebackup",
            *("--pgdata", str(self.here.data), "--host", str(self.main.socket)),
            *("--username", cluster.ADMINISTRATOR, "--write-recovery-conf"),
            *("--checkpoint", "fast", "--wal-method", "stream"),
        )

    def start(self) -> None:
        # A standby needs as many connections as its primary has.
        settings = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        options = f"{settings} -p {PORT} -k {self.main.socket}"
        self.run(
            *("pg_ctl", "start", "--wait", f"--pgdata={self.here.data}"),
            *(f"--log={self.here.data}/log", f"--options={options}"),
        )

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "--mode=fast", f"--pgdata={self.here.data}")

    def run(self, program: str, *arguments: str) -> None:
        done: subprocess.CompletedProcess[str] = cluster._run(
            self.main, program, *arguments
        )
        assert done.returncode == 0, done.stderr

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(
            host=str(self.main.socket),
            port=PORT,
            user=cluster.ADMINISTRATOR,
            dbname=DATABASE,
            autocommit=True,
        ) as session:
            cursor = session.execute(question.encode())
            return cursor.fetchall() if cursor.description else []

    def readers(self) -> int:
        (row,) = self.ask(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'insula_app'"
        )
        return int(str(row[0]))


class Followed(House):
    """A house whose pages are read from a standby."""

    replica = ""

    def environment(self) -> dict[str, str]:
        found = super().environment()
        if self.replica:
            # One process, so that what it knows of the standby is known.
            found |= {"DATABASE_REPLICA_URL": self.replica, "WEB_CONCURRENCY": "1"}
        return found


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    made = Followed(tmp_path_factory.mktemp("followed"))
    try:
        yield made.start()
    finally:
        made.demolish()


@pytest.fixture(scope="module")
def standby(followed: Followed) -> Iterator[Standby]:
    made = Standby(followed)
    made.make()
    made.start()
    followed.stop()
    address = cluster_address(followed.place)
    followed.replica = address
    followed.start()
    yield made
    made.stop()


def cluster_address(here: Place) -> str:
    """Return the standby's address as the runtime role."""
    folder = str(Path(here.socket)).replace("/", "%2F")
    return f"postgres://insula_app@{folder}:{PORT}/{DATABASE}"


def test_pages_come_from_it_and_outlive_it(
    followed: Followed, standby: Standby
) -> None:
    alice, bob = (
        Browser(followed.address).sign_in(mail, password)
        for _, mail, password in DEMO_SIGN_INS[:2]
    )
    wait_until(
        lambda: alice.get("/tasks/") == 200 and standby.readers() > 0,
        SECONDS_TO_RECOVER,
        "a page is read from the standby",
    )
    (seen,) = standby.ask("SELECT pg_is_in_recovery()")
    assert seen == (True,)
    # What a wall is on the primary is one here: no context, no rows.
    with psycopg.connect(cluster_address(followed.place)) as session:
        row = session.execute("SELECT count(*) FROM tasks_task").fetchone()
        assert row == (0,)
        session.execute("SELECT app.enter('a','b','off','9999999999.0')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="forged"):
            session.execute("SELECT count(*) FROM tasks_task")
    written = alice.post("/tasks/new/", title="Seen at once", status="todo", priority=3)
    assert written == REDIRECT
    assert alice.get("/tasks/") == 200
    standby.stop()
    wait_until(
        lambda: bob.get("/tasks/") == 200, SECONDS_TO_RECOVER, "pages without it"
    )
    assert all(bob.get("/tasks/") == 200 for _ in range(20))
    standby.start()
