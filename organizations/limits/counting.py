"""Counting what a plan limits: claimed before it is there, released once it is gone.

Whoever makes or keeps a thing counts it here, in the change's transaction:

    with transaction.atomic():
        claim(Key.STORAGE, len(data))
        name = default_storage.save(path, ContentFile(data))
        ...

Tasks are counted by triggers of their table, and seats where they are given.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connections, transaction

from organizations.audit.recording import using
from organizations.limits.models import Key, Usage
from organizations.limits.refusals import LimitReached, OverLimit
from organizations.limits.statements import RULE
from organizations.limits.words import amount_words
from organizations.models import Organization
from organizations.tenancy.context import NoTenant, required_organization

NEAR_PERCENT: Final = 80
# What pages show.
SHOWN: Final = (
    Key.MEMBERS,
    Key.TASKS,
    Key.STORAGE,
    Key.API_KEYS,
    Key.WEBHOOKS,
)


class Counted(NamedTuple):
    """How many there are of a thing that has no counter, and what they are."""

    used: int
    note: str = ""


# What is counted anew each time, by rooms that stand above this one.
counted: dict[str, Callable[[], Counted]] = {}


class Use(NamedTuple):
    """How much of one thing there is, and may be; no limit is None."""

    key: Key
    used: int
    limit: int | None
    note: str = ""

    @property
    def left(self) -> int | None:
        """How much more fits; None means any amount."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.used > self.limit

    @property
    def percent(self) -> int:
        """The share of the limit in use; of no limit, nothing."""
        if self.limit is None:
            return 0
        return self.used * 100 // self.limit if self.limit else 100

    @property
    def level(self) -> str:
        """The colour of a meter: amber near the limit, red at it."""
        if self.percent >= 100:
            return "full"
        return "near" if self.percent >= NEAR_PERCENT else ""

    @property
    def shown(self) -> int:
        """How far a meter goes; a limit of nothing is a full one."""
        return min(self.used, self.limit) if self.limit else 1

    @property
    def over_words(self) -> str:
        return str(OverLimit(self.key, self.used, self.limit or 0))

    @property
    def used_words(self) -> str:
        return amount_words(self.key, self.used)

    @property
    def limit_words(self) -> str:
        return amount_words(self.key, self.limit or 0)


def claim(key: str, amount: int = 1) -> None:
    """Count something that is about to be there; LimitReached when it does not fit.

    The row stays locked until the transaction ends: of two at once the second is
    measured with the first, and one whose change is not kept is not counted.
    """
    with within_limits(), transaction.atomic(using=using()):
        count(key, amount)


def release(key: str, amount: int = 1) -> None:
    """Count something as gone, in the transaction that lets it go."""
    organization_id = required()
    if amount:
        count(key, -amount, organization_id)


def count(key: str, amount: int, organization_id: UUID | None = None) -> None:
    values: list[Any] = [organization_id or required(), str(key), amount]
    with connections[using()].cursor() as cursor:
        cursor.execute("SELECT app.count_usage(%s, %s, %s)", values)


@contextmanager
def within_limits() -> Iterator[None]:
    """Turn the database's refusal of too much into LimitReached."""
    try:
        yield
    except IntegrityError as error:
        reached = reached_in(error)
        if reached is None:
            raise
        raise reached from error


def reached_in(error: Any) -> LimitReached | None:
    """Return the limit for which the database refused a change, if it was for one."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or diagnosis.constraint_name != RULE:
        return None
    return LimitReached(diagnosis.column_name, **json.loads(diagnosis.message_detail))


def usage() -> list[Use]:
    """Return how much of each thing the active organization has and may have."""
    organization = organization_now()
    rows = dict(Usage.objects.values_list("key", "used"))
    found = {key: Counted(rows.get(key, 0)) for key in Key}
    found |= {Key(key): counts() for key, counts in counted.items()}
    return [
        Use(key, found[key].used, organization.limit(key), found[key].note)
        for key in SHOWN
    ]


def use_of(key: Key) -> Use:
    """Return how much the active organization has of one thing that is counted here."""
    limit = organization_now().limit(key)
    used = Usage.objects.filter(key=key).values_list("used", flat=True).first()
    return Use(key, used or 0, limit)


def organization_now() -> Organization:
    """Return the limits as they are now; the request's organization was read before."""
    return Organization.objects.only("limits").get(pk=required())


def required() -> UUID:
    """Return the organization that is counted; staff must have entered it."""
    organization_id = required_organization()
    if organization_id is None:
        raise NoTenant("things are counted inside an organization")
    return organization_id
