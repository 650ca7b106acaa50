"""What an import changes, in people's words: totals, tables, who is missing."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organizations.archives.models import Arrival
from organizations.archives.travelling import tables

# Tables whose own names are Django's, or say nothing to those who do not write code.
# Others are called as their models are.
NAMES: Final = {
    "audit_auditentry": _("Audit log"),
    "changesets_changeset": _("Changes of many tasks"),
    "changesets_changesetitem": _("Tasks in such changes"),
    "comments_comment": _("Comments"),
    "comments_mention": _("Mentions"),
    "comments_taskwatcher": _("Watched tasks"),
    "domains_joinrequest": _("Requests to join"),
    "domains_organizationdomain": _("Mail domains"),
    "imports_import": _("Imports of tasks"),
    "invitations_invitation": _("Invitations"),
    "labels_label": _("Labels"),
    "labels_tasklabel": _("Labels of tasks"),
    "members_ownershipoffer": _("Offers of the ownership"),
    "notifications_digestday": _("Days of digests"),
    "notifications_mute": _("Muted tasks"),
    "notifications_notification": _("Notifications"),
    "notifications_preference": _("What people want to hear of"),
    "organizations_customrole": _("Custom roles"),
    "organizations_membership": _("Members"),
    "organizations_organization": _("Name, address and settings"),
    "support_supportgrant": _("Write access of staff"),
    "tasks_task": _("Tasks"),
    "tasks_taskassignee": _("Assignments"),
    "tasks_taskcounter": _("Numbers of tasks"),
    "teams_team": _("Teams"),
    "teams_teammembership": _("Members of teams"),
    "attachments_attachment": _("Attachments"),
    "files": _("Files"),
    "gallery_image": _("Pictures"),
}


@dataclass(frozen=True)
class Line:
    """One table, and how many of its rows are added, changed and removed."""

    name: str
    added: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def described(arrival: Arrival) -> dict[str, Any]:
    """Return what a page says of an import's difference."""
    found, names = arrival.found, names_here()
    lines = [
        Line(called(name, names), *numbers)
        for name, numbers in found.get("tables", {}).items()
    ]
    lines.sort(key=lambda line: line.name)
    left_out = found.get("left_out", {})
    unknown = found.get("unknown", [])
    return {
        "rows": found.get("rows", {}),
        "lines": [line for line in lines if line],
        "same": [line.name for line in lines if not line],
        "left_out": {called(name, names): left_out[name] for name in sorted(left_out)},
        "unknown": unknown,
        "others": found.get("missing", 0) - len(unknown),
    }


def names_here() -> dict[str, str]:
    """Return what the models of the tables are called."""
    return {one.name: str(one.model._meta.verbose_name_plural) for one in tables()}


def called(table: str, names: dict[str, str]) -> str:
    """Return what people call a table, or its own name where nobody knows it any more."""
    return str(NAMES.get(table) or capfirst(names.get(table, table)))
