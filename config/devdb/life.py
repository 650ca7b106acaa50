"""The life cycle: everybody who uses the server shares a lock, the last stops it."""

import atexit
import hashlib
import os
import threading

from psycopg import sql

from config import env
from config.devdb import cluster, locks
from config.devdb.paths import Place, place
from config.devdb.secrets import DATABASE
from organizations.tenancy.roles import (
    backup_statements,
    role_statements,
    superuser_statements,
)

PREFIX = env.text("DATABASE_ROLE_PREFIX", "insula")

_guard = threading.Lock()
_held: tuple[int, int] | None = None


def is_used() -> bool:
    """Say whether this process works on the embedded database."""
    return not env.is_set("DATABASE_URL")


def prepare() -> None:
    """Make the folders of this checkout's development state."""
    place().prepare()


def hold() -> None:
    """Keep the server running for the life of this process, starting it if needed."""
    global _held
    with _guard:
        # A forked child has its parent's handle, but its own life.
        if _held and _held[0] == os.getpid():
            return
        here = place()
        here.prepare()
        with locks.exclusive(here.base / "start.lock"):
            handle = locks.share(here.base / "life.lock")
            try:
                cluster.start(here)
                _ensure_database(here)
            except BaseException:
                os.close(handle)
                raise
        if _held:
            os.close(_held[1])
        _held = (os.getpid(), handle)
    atexit.register(release)


def release() -> None:
    """Let go of the server and stop it when nobody else holds it."""
    global _held
    with _guard:
        if not _held or _held[0] != os.getpid():
            return
        here, handle = place(), _held[1]
        _held = None
        with locks.exclusive(here.base / "start.lock"):
            os.close(handle)
            if not locks.is_held(here.base / "life.lock") and not is_kept(here):
                cluster.stop(here)


def revive() -> bool:
    """Start the server again if it died; say whether that was needed."""
    here = place()
    if cluster.server_pid(here) is not None:
        return False
    with locks.exclusive(here.base / "start.lock"):
        cluster.start(here)
    return True


def is_held_elsewhere() -> bool:
    """Say whether another process uses the server."""
    here = place()
    return here.base.exists() and locks.is_held(here.base / "life.lock")


def keep(here: Place) -> None:
    """Let the running server outlive its users, until it is stopped by hand."""
    mark = here.base / "keep"
    mark.write_text(str(cluster.server_pid(here)), encoding="utf-8")


def keep_no_longer(here: Place) -> None:
    """Let the server stop with its last user again."""
    (here.base / "keep").unlink(missing_ok=True)


def is_kept(here: Place) -> bool:
    """Say whether the running server was started to stay."""
    mark = here.base / "keep"
    # The mark holds the process id, so that it ends with a reboot or a crash.
    pid = str(cluster.server_pid(here))
    return mark.exists() and mark.read_text(encoding="utf-8") == pid


def _ensure_database(here: Place) -> None:
    statements = [
        *role_statements(PREFIX, DATABASE),
        *backup_statements(PREFIX, DATABASE),
        *superuser_statements(PREFIX),
    ]
    digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    mark = here.data / "roles.sha256"
    with cluster.connect(here) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if found and mark.exists() and mark.read_text() == digest:
            return
        if not found:
            name = sql.Identifier(DATABASE)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    with cluster.connect(here, DATABASE) as connection, connection.transaction():
        for statement in statements:
            connection.execute(statement.encode())
    mark.write_text(digest)
