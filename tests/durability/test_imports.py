"""A file becomes each of its tasks once, however often the worker dies over it."""

import subprocess
import sys
from pathlib import Path

from config.devdb import cluster
from config.devdb.paths import CHECKOUT
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

KILLS = 2
LINES = 15_000
# A dead worker's job is given back within a minute, each time.
SECONDS_TO_CATCH_UP = 240
PROMISE = f"""
import io
from django.conf import settings
from django.core.files.base import File
from accounts.models import User
from organizations.models import Membership
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.imports.flows import choose_mapping, start, upload
from tasks.imports.reading import examine
text = "Title\\n" + "".join(f"Killed {{n}}\\n" for n in range({LINES}))
file = File(io.BytesIO(text.encode()), name="killed.csv")
with identity():
    alice = User.objects.get(email="alice@example.com")
with no_context(), as_user(alice):
    rows = Membership.own.select_related("organization").order_by("role")
    acme = next(one.organization for one in rows if one.role == "owner")
with no_context(), tenant(acme, alice):
    shape, rows = examine(file)
    made = upload(organization=acme, by=alice, file=file, shape=shape, rows=rows)
    choose_mapping(waiting=made, by=alice, mapping={{"columns": {{"title": 0}}}})
    start(waiting=made, by=alice)
print(settings.MEDIA_ROOT / made.file)
"""


def ask(house: House, query: str) -> int:
    with cluster.connect(house.place, "insula") as session:
        row = session.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


def made(house: House) -> int:
    return ask(house, "SELECT coalesce(max(made), 0) FROM imports_import")


def begin(house: House) -> Path:
    """Start an import, and return the file it reads."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", PROMISE],
        cwd=CHECKOUT,
        env=house.environment(),
        capture_output=True,
        check=True,
        text=True,
    )
    return Path(ended.stdout.splitlines()[-1])


def goes_on(house: House, before: int) -> None:
    """Wait until some worker has made more than there was."""
    wait_until(lambda: made(house) > before, SECONDS_TO_CATCH_UP, "it goes on")


def test_a_killed_import_makes_every_task_once(house: House) -> None:
    file = begin(house)
    for _ in range(KILLS):
        goes_on(house, made(house))
        house.kill("worker")
        wait_until(lambda: house.pid("worker"), SECONDS_TO_RECOVER, "it is back")
    assert made(house) < LINES
    finished = "SELECT count(*) FROM imports_import WHERE state = 'finished'"
    wait_until(lambda: ask(house, finished), SECONDS_TO_CATCH_UP, "every line is done")
    titles = "FROM tasks_task WHERE title LIKE 'Killed %'"
    assert ask(house, f"SELECT count(*) {titles}") == LINES
    assert ask(house, f"SELECT count(DISTINCT title) {titles}") == LINES
    recorded = "FROM audit_auditentry WHERE target_label LIKE 'Killed %'"
    assert ask(house, f"SELECT count(*) {recorded}") == LINES
    kept = "SELECT count(*) FROM changesets_changesetitem"
    assert ask(house, kept) == LINES
    file.unlink()
