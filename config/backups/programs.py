"""PostgreSQL's own programs: found, not older than the server, and run."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from config import devdb
from config.backups import BackupError
from config.devdb.paths import place

# How libpq calls what a connection is made with.
VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
DEBIAN: Final = Path("/usr/lib/postgresql")


def find(name: str, server: int) -> Path:
    """Return a program that knows a server's version, given as 180004 for 18.4.

    A program older than the server would leave out what it has never heard of.
    """
    line, found = server // 10000, []
    for folder in folders():
        path = folder / name
        if os.access(path, os.X_OK) and not path.is_dir():
            found.append(version_of(path))
            if found[-1] >= line:
                return path
    install = (
        f"install the client programs of PostgreSQL {line} (Debian:"
        f" postgresql-client-{line}) or name their folder in POSTGRES_PROGRAMS."
    )
    if not found:
        raise BackupError(f"{name} is not on this machine: {install}")
    raise BackupError(
        f"{name} is of PostgreSQL {max(found)} and the server of {line}: {install}"
    )


def folders() -> Iterator[Path]:
    """Yield where to look: the folder that was named, or all that are usual."""
    if settings.POSTGRES_PROGRAMS:
        yield Path(settings.POSTGRES_PROGRAMS)
        return
    if devdb.is_used():
        yield place().programs()
    yield from map(Path, os.get_exec_path())
    yield from sorted(DEBIAN.glob("*/bin"), reverse=True)


def version_of(path: Path) -> int:
    """Return the line of PostgreSQL a program is of; 0 when it does not say."""
    shown = called([str(path), "--version"], {})
    match = re.search(r"\(PostgreSQL\) (\d+)", shown.stdout)
    return int(match[1]) if match else 0


def run(path: Path, *arguments: str, as_: Mapping[str, Any]) -> None:
    """Run a program with a connection's parameters; its complaint is the error."""
    given = {VARIABLES[key]: str(as_[key]) for key in VARIABLES if as_.get(key)}
    ended = called([str(path), "--no-password", *arguments], given)
    if ended.returncode:
        lines = ended.stderr.strip().splitlines() or ["it said nothing"]
        said = next((line for line in lines if "error:" in line), lines[-1])
        raise BackupError(f"{path.name} failed: {said}")


def called(
    command: list[str], given: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of our own environment, so that no secret leaks."""
    # The password is in the environment: a command line can be read by everybody.
    return subprocess.run(  # noqa: S603
        command,
        env={"PATH": os.defpath, "LC_ALL": "C", **given},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def parameters(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a database entry of the settings as what a connection is made with."""
    keys = ("host", "port", "user", "password")
    named = {key: entry.get(key.upper()) for key in keys}
    options = {
        key: value
        for key, value in entry.get("OPTIONS", {}).items()
        if key in VARIABLES
    }
    return {key: value for key, value in (named | options).items() if value}
