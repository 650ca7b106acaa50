"""One PostgreSQL server over a Unix socket: initialise, start, stop, connect.

Callers hold the start lock: nothing here guards against a second starter.
"""

import os
import shutil
import subprocess
import time
import uuid
from pathlib import Path

import psycopg

from config.devdb.paths import PORT, DevDatabaseError, Place

ADMINISTRATOR = "postgres"
START_TRIES = 20
LOG_LIMIT = 5_000_000
OPTIONS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
}


def start(here: Place) -> None:
    """Start the server unless it answers, initialising its folder if needed."""
    if is_ready(here):
        return
    if not here.data.exists():
        _initialise(here)
    _check_version(here)
    if here.log.exists() and here.log.stat().st_size > LOG_LIMIT:
        here.log.unlink()
    for _ in range(START_TRIES):
        _drop_stale_pid(here)
        options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        started = _run(
            here,
            "pg_ctl",
            *("start", "--wait", "--timeout=60", "--silent"),
            f"--pgdata={here.data}",
            f"--log={here.log}",
            f"--options={options} -p {PORT} -k {here.socket}",
        )
        if started.returncode == 0 or is_ready(here):
            return
        # Children of a killed server may still be leaving its shared memory.
        time.sleep(0.25)
    raise DevDatabaseError(f"The embedded PostgreSQL does not start: {_last(here)}")


def stop(here: Place) -> None:
    """Stop the server, rolling back what is open."""
    if server_pid(here) is None:
        return
    for mode in ("fast", "immediate"):
        stopped = _run(
            here,
            "pg_ctl",
            *("stop", "--wait", "--timeout=30", "--silent"),
            f"--pgdata={here.data}",
            f"--mode={mode}",
        )
        if stopped.returncode == 0 or server_pid(here) is None:
            return
    raise DevDatabaseError(f"The embedded PostgreSQL does not stop: {_last(here)}")


def connect(
    here: Place, database: str = ADMINISTRATOR
) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as the administrator, who exists only behind the private socket."""
    return psycopg.connect(
        host=str(here.socket),
        port=PORT,
        user=ADMINISTRATOR,
        dbname=database,
        connect_timeout=10,
        autocommit=True,
    )


def is_ready(here: Place) -> bool:
    """Say whether the server takes connections."""
    if server_pid(here) is None:
        return False
    try:
        connect(here).close()
    except psycopg.OperationalError:
        return False
    return True


def server_pid(here: Place) -> int | None:
    """Return the server's process id, or None when none is alive."""
    try:
        lines = (here.data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    # A copied folder carries the file of the server it was copied from.
    is_ours = len(lines) > 1 and Path(lines[1]) == here.data
    return pid if is_ours and _is_server(pid) else None


def _initialise(here: Place) -> None:
    # A killed start leaves only a draft behind, perhaps with its initdb still at it.
    for abandoned in here.server.glob("data.new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    draft = here.server / f"data.new-{uuid.uuid4().hex[:8]}"
    made = _run(
        here,
        "initdb",
        f"--pgdata={draft}",
        f"--username={ADMINISTRATOR}",
        *("--auth=trust", "--encoding=UTF8", "--no-instructions"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines()
        raise DevDatabaseError(f"initdb failed: {reason[-1] if reason else 'killed'}")
    draft.rename(here.data)


def _check_version(here: Place) -> None:
    made_by = (here.data / "PG_VERSION").read_text().strip()
    shown = _run(here, "postgres", "--version").stdout.split()
    if not shown:
        raise DevDatabaseError("The embedded PostgreSQL's programs do not run here.")
    if shown[-1].split(".")[0] != made_by:
        raise DevDatabaseError(
            f"The development database was made by PostgreSQL {made_by}, installed is "
            f"{shown[-1]}: `make reset` makes a new one."
        )


def _drop_stale_pid(here: Place) -> None:
    # PostgreSQL refuses to start when another of our processes has that number now.
    if server_pid(here) is None:
        (here.data / "postmaster.pid").unlink(missing_ok=True)


def _is_server(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    name, state = _process(pid)
    # Where nobody reaps orphans, a killed server stays in the table as a zombie.
    return name.endswith("postgres") and not state.startswith("Z")


def _process(pid: int) -> tuple[str, str]:
    if not Path("/proc/self/stat").exists():
        command = ["ps", "-o", "stat=,comm=", "-p", str(pid)]
        listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        state, _, name = listed.stdout.strip().partition(" ")
        return name.strip(), state
    try:
        shown = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "", ""
    name, _, rest = shown.partition("(")[2].rpartition(")")
    return name, rest.strip()


def _run(
    here: Place, program: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    account = here.account
    return subprocess.run(  # noqa: S603
        [str(here.programs() / program), *arguments],
        # PG* variables of the person's shell must not reach the server's tools.
        env={"PATH": os.defpath, "LC_ALL": "C"},
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # Ctrl-C is for the program that started us, not for the server.
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )


def _last(here: Place) -> str:
    try:
        lines = here.log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return f"{lines[-1] if lines else 'no log was written'} ({here.log})"
