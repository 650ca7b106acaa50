"""Every change that was kept is delivered under one id, and none that was not, however
often the worker dies and whatever is rolled back."""

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.devdb.paths import CHECKOUT
from tests.durability.conftest import SECONDS_TO_RECOVER, House, wait_until

WRITES = 1_000
KILLS = 5
# A dead worker's jobs are given back within a minute, each time.
SECONDS_TO_CATCH_UP = 300
PROMISE = """
import random
from accounts.models import User
from django.db import transaction
from organizations.models import Membership
from organizations.tenancy import as_user, identity, no_context, tenant
from organizations.webhooks.flows import create_endpoint
from tasks.flows import create_task
with identity():
    alice = User.objects.get(email="alice@example.com")
with no_context(), as_user(alice):
    rows = Membership.own.select_related("organization").order_by("role")
    acme = next(one.organization for one in rows if one.role == "owner")
with no_context(), tenant(acme, alice):
    create_endpoint(url={address!r}, by=alice, events=["task.created"])
    for number in range({writes}):
        with transaction.atomic():
            kept = random.random() < 0.7
            create_task(by=alice, title=f"{{'kept' if kept else 'undone'}} {{number}}")
            transaction.set_rollback(not kept)
        if kept:
            print("kept", number, flush=True)
"""


class Receiver(BaseHTTPRequestHandler):
    """Takes deliveries, and refuses every tenth the first time it comes."""

    heard: dict[str, list[str]]
    refused: set[str]
    asked = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked += 1
        title, name = body["data"]["after"]["title"], self.headers["webhook-id"]
        taken = not title.endswith("0") or name in self.refused
        if taken:
            self.heard.setdefault(title, []).append(name)
        else:
            self.refused.add(name)
        self.send_response(204 if taken else 503)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver():
    Receiver.heard, Receiver.refused, Receiver.asked = {}, set(), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def watched(writing: subprocess.Popen[str], house: House) -> tuple[list[str], int]:
    """Kill the worker now and then while it is written; return what was kept."""
    kept, kills = [], 0
    assert writing.stdout is not None
    for line in writing.stdout:
        if not line.startswith("kept "):
            continue
        kept.append(f"kept {line.split()[1]}")
        if len(kept) % 120 == 0 and kills < KILLS:
            house.kill("worker")
            kills += 1
            wait_until(lambda: house.pid("worker"), SECONDS_TO_RECOVER, "a worker")
    assert writing.wait(60) == 0
    return kept, kills


def test_a_thousand_writes_with_a_dying_worker(house: House, receiver) -> None:
    address = f"http://127.0.0.1:{receiver.server_port}/"
    with subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-c",
            PROMISE.format(address=address, writes=WRITES),
        ],
        cwd=CHECKOUT,
        env=house.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as writing:
        kept, kills = watched(writing, house)
    assert (kills, len(kept) > WRITES / 2) == (KILLS, True)
    started = time.monotonic()
    wait_until(
        lambda: set(kept) <= set(Receiver.heard), SECONDS_TO_CATCH_UP, "all delivered"
    )
    print(f"caught up after {time.monotonic() - started:.1f} s, asked {Receiver.asked}")
    assert set(Receiver.heard) == set(kept)
    assert all(len(set(names)) == 1 for names in Receiver.heard.values())
    every = [names[0] for names in Receiver.heard.values()]
    assert len(set(every)) == len(kept)
