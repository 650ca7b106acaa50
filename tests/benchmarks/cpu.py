"""CPU seconds of processes, from the kernel."""

import os
from pathlib import Path

from tests.benchmarks.data import DATABASE, superuser

TICKS = os.sysconf("SC_CLK_TCK")


def of_process(pid: int) -> float:
    """Return the user and system seconds of one process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def children(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in listing.read_text().split():
            found += children(int(child))
    return found


def of_server(pid: int) -> float:
    """Return the seconds of a web server with its workers."""
    return sum(of_process(each) for each in children(pid))


def of_database() -> float:
    """Return the seconds of every backend that serves the bench database."""
    with superuser("postgres") as session:
        rows = session.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s", [DATABASE]
        ).fetchall()
    return sum(of_process(pid) for (pid,) in rows)
