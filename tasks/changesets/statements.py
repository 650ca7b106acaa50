"""The statements of a change-set, written by hand: one each for however many tasks.

Every one names the organization itself, beside the policy, like those of the lists.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from tasks.changesets.fields import FIELDS, present
from tasks.queries import active_organization

# The server has no generator of time-ordered ids: the moment goes over a random one.
NEW_ID: Final = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"""
# Imported tasks are compared by everything that a person can change.
CREATED: Final = tuple(FIELDS)

KEEP: Final = """
INSERT INTO changesets_changesetitem
  (id, organization_id, change_set_id, task_id, before, after)
SELECT {new_id}, %(organization)s, %(change_set)s, t.id, '{{}}', {present}
FROM tasks_task t
WHERE t.organization_id = %(organization)s AND t.id = ANY (%(tasks)s)"""


def keep(change_set: UUID, tasks: Sequence[UUID]) -> int:
    """Write an item for each new task, as it is now; return how many there are."""
    sql = KEEP.format(new_id=NEW_ID, present=present(CREATED))
    return run(sql, {"change_set": change_set, "tasks": list(tasks)})


def run(sql: str, values: Mapping[str, Any]) -> int:
    """Run a statement inside the active organization; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": active_organization(), **values})
        return cursor.rowcount
