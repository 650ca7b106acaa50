"""What the isolation proof finds now, and when it was last made."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from config.doctor.asking import catalog
from config.doctor.finding import Finding
from config.proofs import BROKEN, PROVEN, newest
from organizations.tenancy.proof import Finding as Hole
from organizations.tenancy.proof import prove

# One night may be missed.
PROOF_LASTS: Final = timedelta(hours=50)


def walls_stand() -> Iterator[Finding]:
    """Prove the walls, where the owner who reads the catalog is at hand."""
    if "owner" not in connections:
        return
    with catalog("owner") as cursor:
        found = prove(cursor)
    yield from about(found)


def about(found: Sequence[Hole]) -> Iterator[Finding]:
    """Yield the sum of what a proof has found."""
    holes = sorted({each.code for each in found if not each.is_warning})
    if holes:
        text = _("The walls between organizations have holes: %(codes)s.")
        yield Finding("D111", text % {"codes": ", ".join(holes)})
    if any(each.is_warning for each in found):
        yield Finding(
            "D112", _("Others on this server could read a running statement.")
        )


def proof_is_recent() -> Iterator[Finding]:
    """Look at what the platform's log says of the last proof."""
    if "operator" not in connections:
        return
    last = newest(PROVEN, BROKEN)
    if last is None or last.created_at < timezone.now() - PROOF_LASTS:
        yield Finding("D113", _("No proof of the isolation was recorded for two days."))
    if last is not None and last.action == BROKEN:
        codes = ", ".join(map(str, last.after.get("codes", [])))
        text = _("The last proof of the isolation failed: %(codes)s.")
        yield Finding("D114", text % {"codes": codes})
