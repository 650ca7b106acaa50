"""Where a task stands in its column of the board: a number between its neighbours'.

Lower is higher up. A task that is new, or comes from another column, gets the moment
as a negative number, so it stands above all that came before without anybody looking.
Between two neighbours a random part of the gap is taken: two people who put tasks into
one gap at once get two places, and nobody waits for a lock.
"""

from typing import Any

from django.db import models


class Top(models.Func):
    """The place above everything that was put on top before."""

    template = "(-extract(epoch FROM clock_timestamp()) * 1000000)"
    arity = 0


class DueOrNever(models.Func):
    """The due date, or a day after all others."""

    template = "coalesce(%(expressions)s, 'infinity'::date)"
    arity = 1
    output_field = models.DateField()


class RankField(models.Field):
    """A number of any length: there is always one between two others."""

    def db_type(self, connection: Any) -> str:
        return "numeric"
