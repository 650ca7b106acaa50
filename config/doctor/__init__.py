"""The doctor: looks at an installation and says what is wrong and how to mend it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from django.db import DatabaseError
from django.utils.translation import gettext as _

from config.doctor import (
    backups,
    machine,
    mail,
    migrations,
    money,
    queue,
    roles,
    safety,
    server,
    versions,
    walls,
)
from config.doctor.asking import catalog
from config.doctor.finding import Finding

__all__ = ["APART", "CHECKS", "Finding", "examine", "verdict"]

Check = Callable[[], Iterator[Finding]]

# These ask nobody but this machine.
APART: Final[tuple[Check, ...]] = (
    safety.debug_is_off,
    safety.hosts_are_named,
    safety.https_is_on,
    safety.secrets_are_secret,
    mail.mails_leave,
    mail.sender_is_ours,
    mail.server_says_hello,
    money.keys_fit,
    machine.disks_have_room,
    machine.pages_have_their_files,
)
CHECKS: Final[tuple[Check, ...]] = (
    roles.connections_are_their_roles,
    walls.walls_stand,
    walls.proof_is_recent,
    migrations.nothing_is_pending,
    safety.demo_people_are_gone,
    money.plans_are_sold,
    queue.jobs_get_done,
    queue.a_worker_lives,
    backups.backup_is_recent,
    machine.cache_answers,
    server.server_is_well,
    versions.releases_are_sound,
)


def examine() -> list[Finding]:
    """Return all findings, the gravest first; no check waits longer than its limit."""
    found = of(APART)
    try:
        with catalog("default"):
            pass
    except (DatabaseError, OSError) as error:
        text = _("The database does not answer: %(why)s.")
        found.append(Finding("D002", text % {"why": type(error).__name__}))
    else:
        found += of(CHECKS)
    return sorted(found, key=lambda each: (not each.is_problem, each))


def of(checks: Iterable[Check]) -> list[Finding]:
    """Make checks; one that fails is itself a finding, and the others are made."""
    found: list[Finding] = []
    for check in checks:
        try:
            found += check()
        except Exception as error:
            words = {"check": check.__name__, "why": type(error).__name__}
            text = _("The check %(check)s could not be made: %(why)s.")
            found.append(Finding("D001", text % words))
    return found


def verdict(found: Iterable[Finding]) -> int:
    """Return the exit code: 0 well, 1 a problem, 2 warnings only."""
    problems = [each.is_problem for each in found]
    return 1 if any(problems) else 2 if problems else 0
