"""What is over its limit since the plan became smaller, and can only be read.

Whoever makes a plan smaller calls `note_over` after it; a request that would be refused
calls it as well, so that deleting enough opens the door at once.
"""

from typing import Any, Final

from django.db import transaction

from organizations.audit.recording import record, using
from organizations.limits.counting import usage
from organizations.limits.models import Key
from organizations.limits.refusals import OverLimit
from organizations.models import Organization

# Sending a form that takes one of these abilities changes or adds to the thing.
ABILITIES: Final = {"tasks.edit": Key.TASKS, "members.invite": Key.MEMBERS}
# So do these addresses, whatever their ability.
ADDING: Final = {
    "gallery:image_upload": Key.STORAGE,
    "attachments:file_create": Key.STORAGE,
}
# These need the ability and make less of it, or nothing that the database lets through.
STILL_OPEN: Final = frozenset(
    {
        "attachments:file_delete",
        "changesets:change_undo",
        "domains:request_deny",
        "imports:import_cancel",
        "invitations:invitation_revoke",
    }
)


def note_over(organization: Organization) -> list[str]:
    """Compare what the active organization has with its limits, and keep what is over.

    Return it, and set it on the instance given.
    """
    with transaction.atomic(using=using()):
        rows = Organization.objects.select_for_update(of=("self",), no_key=True)
        kept = rows.only("name", "over").get(pk=organization.pk)
        before, now = kept.over, [str(use.key) for use in usage() if use.is_over]
        if now != before:
            kept.over = now
            kept.save(update_fields=["over"])
            facts: Any = {"before": {"over": before}, "after": {"over": now}}
            record("organization.over_limits", kept, **facts)
    organization.over = now
    return now


def refuse_over(organization: Organization, ability: str, view: str) -> None:
    """Raise OverLimit when a request would change what is over, and still is."""
    things = {ADDING.get(view)}
    if view not in STILL_OPEN:
        things.add(ABILITIES.get(ability))
    wanted = [key for key in organization.over if key in things]
    if not wanted or not set(wanted) & set(note_over(organization)):
        return
    for use in usage():
        if use.key in wanted and use.is_over:
            raise OverLimit(use.key, use.used, use.limit or 0)
