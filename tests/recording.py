"""A story told once by the flows, and written again in a few statements."""

import re
from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from organizations.tenancy import current
from organizations.tenancy.context import Context, enter
from organizations.tenancy.models import uuid7

INSERT = re.compile(r"(INSERT INTO .+? VALUES )(.+?)(?: RETURNING .+)?", re.DOTALL)
# The driver leaves out the dashes; behind a dollar sign stands a password.
ID = re.compile(r"(?<![\w$])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b")

Place = tuple[str, str, str]


class Recording:
    """The rows of a story, each in the context it was written in.

    Replayed, they have new ids: nothing that some process remembers about one
    test's people holds for the next one's.
    """

    def __init__(self, tell: Callable[[], SimpleNamespace]) -> None:
        self.rows: dict[Place, dict[str, list[str]]] = {}
        with connection.execute_wrapper(self._listen):
            self.cast = tell()
        self.ids = sorted({UUID(found) for found in ID.findall(repr(self.rows))})

    def _listen(
        self, execute: Any, sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith("INSERT"):
            text = connection.ops.compose_sql(sql, params)
            head, values = INSERT.fullmatch(text).groups()
            now = current()
            place = (now.mode, str(now.organization_id or ""), str(now.user_id or ""))
            self.rows.setdefault(place, {}).setdefault(head, []).append(values)
        return execute(sql, params, many, context)

    def replay(self) -> SimpleNamespace:
        """Write the rows, and return the same people and organizations, renewed."""
        # In the order of old, for whoever orders by id.
        ids = {old: uuid7() for old in self.ids}

        def renewed(text: str) -> str:
            return ID.sub(lambda found: str(ids[UUID(found[0])]), text)

        with transaction.atomic(), connection.cursor() as cursor:
            for (mode, organization, user), rows in self.rows.items():
                place = Context(
                    mode, renewed(organization) or None, renewed(user) or None
                )
                written = [head + ",".join(rows[head]) for head in rows]
                with enter(place):
                    cursor.execute(renewed(";".join(written)))
        return SimpleNamespace(
            **{name: alike(row, ids) for name, row in vars(self.cast).items()}
        )


def alike(row: Any, ids: dict[UUID, UUID]) -> Any:
    """Return a copy of a row with the id of this time."""
    row = copy(row)
    row.pk = ids[row.pk]
    return row
