"""What articles say of the product, taken from where the product has it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.hotkeys import GROUPS as KEYS
from config.hotkeys import Key
from organizations import addresses
from organizations.api.models import OVERLAP
from organizations.archives import making as archives
from organizations.invitations import flows as invitations
from organizations.invitations.forms import MOST_AT_ONCE
from organizations.members.flows import OFFER_LASTS
from organizations.models import DAYS_RESTORABLE, Role
from organizations.notifications import digests
from organizations.permissions import ABILITIES
from organizations.personal import making as copies
from organizations.webhooks import models as webhooks
from organizations.webhooks import trying, waiting
from organizations.webhooks.purging import DAYS_KEPT as DAYS_LOGGED
from tasks.changesets.forms import MOST_LINES
from tasks.changesets.models import DAYS_UNDOABLE
from tasks.choices import Priority, Status
from tasks.labels.models import MOST as MOST_LABELS

FACT: Final = re.compile(r"\{\{ (\w+) \}\}")


def days(length: timedelta) -> int:
    return length // timedelta(days=1)


def hours(length: timedelta) -> int:
    return length // timedelta(hours=1)


def megabytes(size: int) -> int:
    return size // 1_000_000


def keys() -> str:
    """Return every key of the keyboard, a table for each group."""
    parts = []
    for name, group in KEYS:
        lines = [f"| {pressed(key)} | {key.does} |" for key in group]
        titles = head(pgettext("keyboard", "Key"), _("What it does"))
        parts.append("\n".join([f"## {name}", "", titles, *lines]))
    return "\n\n".join(parts)


def pressed(key: Key) -> str:
    ways = [" ".join(f"`{each}`" for each in shown) for _key, shown in key.drawn]
    return " / ".join(ways)


def rights() -> str:
    """Return which role may do what, as a table."""
    lines = [
        f"| {words} | " + " | ".join("✓" if role in roles else "–" for role in Role)
        for roles, words in ABILITIES.values()
    ]
    names = [str(role.label) for role in Role]
    return "\n".join([head(_("What"), *names), *(f"{line} |" for line in lines)])


def head(*titles: str) -> str:
    return f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}"


def statuses() -> str:
    return ", ".join(str(one.label) for one in Status)


def priorities() -> str:
    return ", ".join(str(one.label) for one in Priority)


FACTS: Final[dict[str, Callable[[], object]]] = {
    "keys": keys,
    "rights": rights,
    "statuses": statuses,
    "priorities": priorities,
    "address_days": lambda: addresses.DAYS_KEPT,
    "archive_days": lambda: days(archives.LASTS),
    "copy_days": lambda: days(copies.LASTS),
    "digest_hour": lambda: digests.MORNING,
    "file_megabytes": lambda: megabytes(settings.ATTACHMENT_MAX_BYTES),
    "files_of_task": lambda: settings.ATTACHMENTS_MOST,
    "invitation_days": lambda: days(invitations.LASTS),
    "invitations_at_once": lambda: MOST_AT_ONCE,
    "key_overlap_hours": lambda: hours(OVERLAP),
    "labels": lambda: MOST_LABELS,
    "lines_at_once": lambda: MOST_LINES,
    "offer_days": lambda: days(OFFER_LASTS),
    "restore_days": lambda: DAYS_RESTORABLE,
    "undo_days": lambda: DAYS_UNDOABLE,
    "webhook_log_days": lambda: DAYS_LOGGED,
    "webhook_patience_days": lambda: days(trying.PATIENCE),
    "webhook_rotation_hours": lambda: hours(webhooks.ROTATION),
    "webhook_seconds": lambda: int(settings.WEBHOOK_DEADLINE_SECONDS),
    "webhook_tries": lambda: waiting.TRIES,
}


def filled(text: str) -> str:
    """Return a text with every {{ fact }} in its place; KeyError for an unknown one."""
    return FACT.sub(lambda found: str(FACTS[found[1]]()), text)
