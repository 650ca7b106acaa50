"""The tasks before and after one, in the order of the page it was opened from, as SQL.

One statement whatever the page: the own group is entered at the task's place and the
others at their ends, each for one row of an index. Like the list's statements it names
the organization itself, beside the policy (docs/adr/0008-hot-reads.md).
"""

from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connections

from organizations.tenancy.replica import reading
from tasks.choices import Status
from tasks.columns import SEARCHED
from tasks.filters import FOREVER, ME, Filters
from tasks.models import TaskAssignee
from tasks.origins import BOARD, MINE, Origin
from tasks.queries import CONDITIONS, GROUPED, OURS, conditions, keys_of

# In a search so many of the best have neighbours; nobody reads on for longer.
FOUND = 500


class Neighbours(NamedTuple):
    """The numbers of the tasks beside one; none at the ends."""

    before: int | None = None
    after: int | None = None


class Order(NamedTuple):
    """By what a page is sorted: its columns, one task's values of them, the direction."""

    columns: tuple[str, ...]
    place: str
    ascending: bool


ORDERS: Final = {
    "": Order(("t.created_at", "t.id"), "%(created_at)s, %(id)s", False),
    "due": Order(
        ("coalesce(t.due_date, 'infinity'::date)", "t.id"),
        "%(due)s::date, %(id)s",
        True,
    ),
    "priority": Order(("t.priority", "t.id"), "%(ranked)s, %(id)s", False),
    BOARD: Order(("t.rank", "t.id"), "%(rank)s, %(id)s", True),
    # Days are counted backwards, so that one direction serves every column.
    MINE: Order(
        (
            *("coalesce('2000-01-01'::date - t.due_date, -9999999)", "t.priority"),
            *("t.created_at", "t.id"),
        ),
        "coalesce('2000-01-01'::date - nullif(%(due)s::date, 'infinity'), -9999999),"
        " %(ranked)s, %(created_at)s, %(id)s",
        False,
    ),
}
FIRST: Final = (
    "(SELECT a.user_id FROM tasks_taskassignee a"
    " WHERE a.organization_id = %(organization)s AND a.task_id = t.id"
    " ORDER BY a.id LIMIT 1)"
)
OWN: Final = {
    "": " AND t.status = %(own)s",
    "priority": " AND t.priority = %(own)s::integer",
    # The person a task stands under is whoever was given it first.
    "assignee": f"{CONDITIONS['user']} AND {FIRST} = %(own)s".replace(
        "%(user)s", "%(own)s"
    ),
    "nobody": CONDITIONS["nobody"],
    "none": "",
}
STEP = """(SELECT number FROM (
  (SELECT 0::bigint AS place, t.number FROM tasks_task t
   WHERE {ours}{conditions}{own} AND ({columns}) {sign} ({place})
   ORDER BY {order} LIMIT 1){others}
) found ORDER BY place LIMIT 1)"""
OTHERS = """
  UNION ALL (SELECT s.place, first.number
   FROM unnest(%({groups})s::text[]) WITH ORDINALITY AS s (value, place)
   CROSS JOIN LATERAL (SELECT t.number FROM tasks_task t
     WHERE {ours}{conditions} AND {grouped} ORDER BY {order} LIMIT 1) first
   ORDER BY s.place LIMIT 1)"""
SEARCH: Final = f"""
WITH near AS MATERIALIZED (
  SELECT t.id, t.number,
    row_number() OVER (ORDER BY f.tier, t.created_at DESC, t.id DESC) AS place
  FROM app.search_tasks(
    to_tsquery('simple', %(words)s), to_tsquery('simple', %(titled)s), %(prefix)s,
    %(number)s, {FOUND}, %(status)s, %(priority)s, %(user)s, %(nobody)s,
    %(label)s::uuid, %(team)s::uuid) AS f
  JOIN tasks_task t ON t.id = f.found WHERE {OURS}
)
SELECT (SELECT number FROM near WHERE place = here.place - 1),
  (SELECT number FROM near WHERE place = here.place + 1)
FROM near here WHERE here.id = %(id)s"""  # noqa: S608  # parts of our own


def neighbours(task: Any, origin: Origin, me: UUID) -> Neighbours:
    """Return the tasks beside one on the page it was opened from."""
    filters = origin.filters
    if origin.view == MINE:
        filters = Filters(assignee=ME)
    values = conditions(filters, me) | place_of(task)
    if origin.view != BOARD and filters.words:
        sql = SEARCH
    else:
        group, values = with_group(origin, values, task)
        sql = statement(chosen_of(origin, values), order_of(origin), group)
    with connections[reading()].cursor() as cursor:
        cursor.execute(sql, values)
        return Neighbours(*(cursor.fetchone() or ()))


def place_of(task: Any) -> dict[str, Any]:
    """Return the values of a task that any order may ask for."""
    return {
        "id": task.pk,
        "created_at": task.created_at,
        "due": task.due_date or FOREVER,
        "ranked": task.priority,
        "rank": task.rank,
    }


def order_of(origin: Origin) -> str:
    return origin.filters.sort if origin.view not in (BOARD, MINE) else origin.view


def chosen_of(origin: Origin, values: dict[str, Any]) -> tuple[str, ...]:
    """Return the conditions that are set; a board's column stands for its status."""
    names = [name for name in CONDITIONS if values[name]]
    if origin.view == BOARD:
        names = [name for name in names if name != "status"]
        names += ["words"] if origin.filters.words else []
    return (*names, MINE) if origin.view == MINE else tuple(names)


def with_group(
    origin: Origin, values: dict[str, Any], task: Any
) -> tuple[str, dict[str, Any]]:
    """Return how the page is cut, and where in it the task stands."""
    group = "none" if origin.view == MINE else origin.filters.group
    if group == "assignee":
        doers = TaskAssignee.objects.filter(task=task).order_by("pk")
        own = doers.values_list("user_id", flat=True).first()
        return "assignee" if own else "nobody", values | {"own": own}
    if group == "none":
        return group, values
    keys = keys_of(origin.filters)
    own = str(task.priority if group == "priority" else task.status)
    if own not in keys:
        # It left the page meanwhile, and is passed where it would stand.
        own = keys[0]
    at = keys.index(own)
    if origin.view == BOARD:
        keys, at = [own], 0
    ends = {"above": keys[:at][::-1], "below": keys[at + 1 :]}
    return group, values | ends | {"own": own}


@cache
def statement(chosen: tuple[str, ...], order: str, group: str) -> str:
    """Return the statement of a page; its shape is all that it depends on."""
    told = CONDITIONS | {
        "words": SEARCHED,
        MINE: f" AND t.status <> '{Status.DONE.value}'",
    }
    where = "".join(told[name] for name in chosen)
    steps = [step(where, ORDERS[order], group, forward=way) for way in (False, True)]
    return f"SELECT {', '.join(steps)}"


def step(where: str, order: Order, group: str, *, forward: bool) -> str:
    """Return one direction: on in the own group, else the next group's nearest end."""
    ascending = order.ascending == forward
    way = " ASC" if ascending else " DESC"
    parts = {
        "ours": OURS,
        "conditions": where,
        "order": ", ".join(column + way for column in order.columns),
    }
    others = ""
    if group in GROUPED:
        groups = "below" if forward else "above"
        others = OTHERS.format(groups=groups, grouped=GROUPED[group], **parts)
    return STEP.format(
        own=OWN[group],
        columns=", ".join(order.columns),
        sign=">" if ascending else "<",
        place=order.place,
        others=others,
        **parts,
    )
