"""One organization ends and comes back while another one's people go on writing."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from config.devdb import cluster
from config.devdb.paths import CHECKOUT
from config.seeds import DEMO_SIGN_INS
from tests.durability.client import LOST, REDIRECT, Browser, Writers
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

NAME = "Written while Acme was away:"
WRITES = 15
# A crowd on a small machine may be asked to come back.
EXCUSED = {LOST, REDIRECT, 503}
WHERE = """
SELECT t.title, o.slug FROM tasks_task t
JOIN organizations_organization o ON o.id = t.organization_id WHERE t.title LIKE %s"""


def manage(house: House, *words: str | Path) -> str:
    ended = subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=CHECKOUT,
        env=house.environment(),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


def hashed(house: House, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manage(house, "tenant_hash", name, "--json"))
    return found


def at_rest(house: House, name: str) -> dict[str, Any]:
    """Return an organization's hash once jobs have nothing more to write in it."""
    kept = [hashed(house, name)]

    def is_still() -> bool:
        kept.append(hashed(house, name))
        return bool(kept[-1]["everything"] == kept[-2]["everything"])

    wait_until(is_still, SECONDS_TO_RECOVER * 4, "nothing is written any more")
    return kept[-1]


def written(house: House) -> dict[str, list[str]]:
    """Return in which organizations each title stands."""
    found: dict[str, list[str]] = {}
    with cluster.connect(house.place, "insula") as session:
        for title, slug in session.execute(WHERE, [f"{NAME} %"]):
            found.setdefault(str(title), []).append(str(slug))
    return found


def test_others_write_on_while_one_goes_and_comes_back(
    house: House, tmp_path: Path
) -> None:
    _, email, password = DEMO_SIGN_INS[1]
    bob = Browser(house.address).sign_in(email, password)
    bob.get("/o/tech-startup/")
    file = tmp_path / "acme.zip"
    before = at_rest(house, "acme")
    with Writers(bob, NAME) as writers:
        wait_until(
            lambda: len(writers.acknowledged) >= WRITES,
            SECONDS_TO_RECOVER,
            f"people write, answers so far {dict(writers.statuses)}",
        )
        manage(house, "org_export", "acme", "--to", file)
        manage(house, "org_delete", "acme", "--yes", "--now")
        manage(house, "org_import", file, "--yes")
        enough = len(writers.acknowledged) + WRITES
        wait_until(
            lambda: len(writers.acknowledged) >= enough,
            SECONDS_TO_RECOVER,
            "people write again",
        )
    after = hashed(house, "acme")
    assert after["tables"] == before["tables"]
    assert after["sha256"] == before["sha256"]
    found = written(house)
    assert set(writers.acknowledged) - set(found) == set()
    assert Counter(slug for slugs in found.values() for slug in slugs) == {
        "tech-startup": len(found)
    }
    assert set(writers.statuses) <= EXCUSED, dict(writers.statuses)
    manage(house, "audit_verify")
    manage(house, "check_isolation")
