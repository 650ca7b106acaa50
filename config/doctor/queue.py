"""Whether jobs get done."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateWorker

from config.doctor.asking import catalog, is_server, reader
from config.doctor.finding import Finding
from config.queue import Standing, standing
from organizations.tenancy.jobs import STALLED_AFTER_SECONDS

LATE_SECONDS: Final = 300


def jobs_get_done() -> Iterator[Finding]:
    """Look at how the queue stands."""
    alias = reader()
    with catalog(alias):
        found = standing(alias)
    yield from told(found)


def told(found: Standing) -> Iterator[Finding]:
    if found.oldest_seconds > LATE_SECONDS:
        text = _("The oldest due job has waited for %(minutes)d minutes.")
        yield Finding("D231", text % {"minutes": found.oldest_seconds // 60})
    if found.stalled:
        text = ngettext(
            "%(count)d job hangs on a worker that is silent.",
            "%(count)d jobs hang on a worker that is silent.",
            found.stalled,
        )
        yield Finding("D232", text % {"count": found.stalled})
    if found.dead:
        text = ngettext(
            "%(count)d job was given up.", "%(count)d jobs were given up.", found.dead
        )
        yield Finding("D233", text % {"count": found.dead})


def a_worker_lives() -> Iterator[Finding]:
    """A developer's machine may well have none."""
    alias = reader()
    since = timezone.now() - timedelta(seconds=STALLED_AFTER_SECONDS)
    with catalog(alias):
        rows = ProcrastinateWorker.objects.using(alias)
        lives = rows.filter(last_heartbeat__gte=since).exists()
    if is_server() and not lives:
        yield Finding("D234", _("No worker is alive, so no job is done."))
