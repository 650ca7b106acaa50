"""A single deletion is a change-set as well, whoever asked for it in whatever way."""

from typing import Any

from organizations.audit.models import ActorType
from organizations.audit.recording import recorded
from organizations.tenancy import current
from tasks.changesets.models import ChangeSet, Kind, State
from tasks.changesets.statements import Slice
from tasks.changesets.trash import settle
from tasks.models import Task

# Whose deletions can be taken back: nobody asks for what the system does.
MAKERS = (ActorType.USER, ActorType.PROGRAM)


def keep_deletion(*, entry: Any, target: Any, **kwargs: Any) -> None:
    """Keep a deletion, and note where one was taken back.

    Staff work on a connection of their own and take back in the console.
    """
    context = current()
    if not isinstance(target, Task) or context is None or context.mode != "tenant":
        return
    if entry.action == "task.removed" and entry.actor_type in MAKERS:
        made = ChangeSet.objects.create(
            kind=Kind.DELETE,
            state=State.DONE,
            made_by_id=entry.actor_id,
            program="" if entry.actor_id else entry.actor_label,
            total=1,
            done=1,
            count=1,
        )
        Slice(made, [target.pk]).keep(["deleted_at"], '{"deleted_at": null}')
    elif entry.action == "task.restored":
        settle([target.pk], entry.actor_id)


def connect() -> None:
    """Listen, once."""
    recorded.connect(keep_deletion, dispatch_uid="changesets.keep_deletion")
