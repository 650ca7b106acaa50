"""Whether the database is as far as the code."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from config.doctor.finding import Finding
from config.health import applied_migrations, expected_migrations


def nothing_is_pending() -> Iterator[Finding]:
    """Compare what is on disk with what the database knows."""
    pending = len(expected_migrations() - applied_migrations())
    if pending:
        text = ngettext(
            "Migrations of %(count)d app are pending.",
            "Migrations of %(count)d apps are pending.",
            pending,
        )
        yield Finding("D121", text % {"count": pending})
