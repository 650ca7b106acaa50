"""The machine itself: disks, the cache, the files of the pages."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.utils.translation import gettext as _

from config import devdb
from config.devdb.paths import place
from config.doctor.asking import SECONDS, is_server, limited, within
from config.doctor.finding import Finding
from organizations.tenancy.context import identity

LEAST_SHARE: Final = 0.10
LEAST_BYTES: Final = 1024**3
A_PAGE: Final = "css/app.css"


def disks_have_room() -> Iterator[Finding]:
    """Look at each folder that grows."""
    for name, folder in folders():
        there = next(path for path in (folder, *folder.parents) if path.exists())
        usage = shutil.disk_usage(there)
        if not has_room(usage.free, usage.total):
            words = {"name": name, "megabytes": usage.free // 1024**2}
            text = _("The disk of %(name)s has %(megabytes)d MB left.")
            yield Finding("D251", text % words)


def has_room(free: int, total: int) -> bool:
    """Whether a tenth of a disk is free, and a gigabyte."""
    return free >= LEAST_BYTES and free >= total * LEAST_SHARE


def folders() -> Iterator[tuple[str, Path]]:
    yield "MEDIA_ROOT", Path(settings.MEDIA_ROOT)
    if devdb.is_used():
        yield "the database", place().data


def cache_answers() -> Iterator[Finding]:
    """Write a word and read it again."""
    try:
        answered = within(SECONDS, echo) if settings.REDIS_URL else echo_of_table()
    except Exception as error:
        words = {"why": type(error).__name__}
        yield Finding("D252", _("The cache does not answer: %(why)s.") % words)
        return
    if not answered:
        yield Finding("D252", _("The cache forgets what it was told."))


def echo_of_table() -> bool:
    with identity(), limited("default"):
        return echo()


def echo() -> bool:
    word = uuid4().hex
    cache.set("doctor", word, SECONDS)
    return bool(cache.get("doctor") == word)


def pages_have_their_files() -> Iterator[Finding]:
    """On a server the files of the pages are collected, named by what is in them."""
    storage: Any = staticfiles_storage
    try:
        named = storage.stored_name(A_PAGE) if hasattr(storage, "manifest") else A_PAGE
        is_there = storage.exists(named)
    except ValueError:
        is_there = False
    if is_server() and not is_there:
        yield Finding("D253", _("The styles and scripts of the pages are missing."))
