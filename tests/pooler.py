"""A PgBouncer in transaction mode, in front of the server the tests use.

`python -m tests.pooler <command>` runs a command whose tests connect through it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NOBODY = 65534
ROLES = ("insula_app", "insula_operator", "insula_owner")
CONFIG = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
server_idle_timeout = 5
"""


@contextmanager
def pooler(host: str, port: str | int, size: int = 2) -> Iterator[int]:
    """Run a pooler with so many connections to the server; yields its port."""
    listen = free_port()
    user, group = account_for(host)
    with tempfile.TemporaryDirectory() as folder:
        text = CONFIG.format(
            host=host, port=port, listen=listen, folder=folder, size=size
        )
        (Path(folder) / "ini").write_text(text)
        users = "".join(f'"{role}" ""\n' for role in ROLES)
        (Path(folder) / "users").write_text(users)
        if user is not None:
            shutil.chown(folder, user, group)
        process = subprocess.Popen(
            [PROGRAM, "-q", f"{folder}/ini"],
            user=user,
            group=group,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(listen, process)
            yield listen
        finally:
            process.terminate()
            process.wait(10)


def account_for(host: str) -> tuple[int | None, int | None]:
    """Return who may run the pooler: not root, and let in by the server's socket."""
    if os.getuid() != 0:
        return None, None
    if not host.startswith("/"):
        return NOBODY, NOBODY
    found = os.stat(host)
    return found.st_uid, found.st_gid


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("pgbouncer does not answer")


if __name__ == "__main__":
    server = urlsplit(os.environ["INSULA_TEST_SERVER"])
    with pooler(server.hostname, server.port or 5432, size=8) as port:
        environment = {**os.environ, "INSULA_TEST_POOLER": f"127.0.0.1:{port}"}
        sys.exit(subprocess.run(sys.argv[1:], env=environment).returncode)
