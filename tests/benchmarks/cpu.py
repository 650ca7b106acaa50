"""CPU seconds of processes, from the kernel."""

import os
from functools import cache
from pathlib import Path

from tests.benchmarks.data import superuser

TICKS = os.sysconf("SC_CLK_TCK")


def fields(pid: int) -> list[int]:
    """Return the numbers of a process from its parent's id on, or zeros."""
    try:
        found = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return [0] * 50
    return [int(each) for each in found[1:]]


def of_process(pid: int) -> float:
    """Return the user and system seconds of one process so far."""
    user, system = fields(pid)[10:12]
    return (user + system) / TICKS


def of_ended_children(pid: int) -> float:
    """Return the seconds of the children that a process has seen end."""
    user, system = fields(pid)[12:14]
    return (user + system) / TICKS


def children(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in words_of(listing):
            found += children(int(child))
    return found


def words_of(listing: Path) -> list[str]:
    """Return what a file of a process says; one that has just ended says nothing."""
    try:
        return listing.read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def of_server(pid: int) -> float:
    """Return the seconds of a web server with its workers."""
    return sum(of_process(each) for each in children(pid))


@cache
def postmaster() -> int:
    """Return the process every process of the database descends from."""
    with superuser("postgres") as session:
        return fields(session.info.backend_pid)[0]


def of_database() -> float:
    """Return the seconds of the whole database server.

    Of those that have ended too: a backend that is closed between two readings would
    take what it had used before with it, and the difference be less than nothing.
    """
    return of_server(postmaster()) + of_ended_children(postmaster())
