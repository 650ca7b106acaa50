"""What this process knows of flags, as of a second ago at most.

The definitions are read once a second, and only while somebody asks. What an
organization has instead is read when it asks first, and again once any flag has
changed: whoever writes an override moves its flag's `updated_at`. All of it is read where
it is written: a standby could tell of a change before it has what was changed.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from organizations.audit.recording import using
from organizations.flags.judging import Asker, Rules
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.models import Organization
from organizations.tenancy import current, tenant

# In seconds.
KEPT: Final = 0.9
MOST_ORGANIZATIONS: Final = 10_000
# Who knows the plans stands above; asked only while a flag wants a plan.
ranked: list[Callable[[], Mapping[str, int]]] = []


class Flags(NamedTuple):
    """Every definition by its key, and the ranks of plans, until they are read anew."""

    until: float = 0.0
    rules: Mapping[str, Rules] = {}
    ranks: Mapping[str, int] = {}
    version: frozenset[tuple[UUID, datetime]] = frozenset()


_kept: list[Flags] = [Flags()]
_plans: dict[UUID, tuple[float, str]] = {}
_overrides: list[dict[UUID, dict[str, bool]]] = [{}]


def flags() -> Flags:
    """Return the definitions, read anew when they are a second old."""
    kept, now = _kept[0], time.time()
    if now < kept.until <= now + KEPT:
        return kept
    # Other threads use the former ones while this one reads.
    _kept[0] = kept._replace(until=now + KEPT)
    try:
        fresh = read(now + KEPT)
    except BaseException:
        _kept[0] = Flags()
        raise
    if fresh.version != kept.version:
        # A new one: who reads just now adds to the former, which nobody asks any more.
        _overrides[0] = {}
    _kept[0] = fresh
    return fresh


def read(until: float) -> Flags:
    rows = list(FeatureFlag.objects.using(using()).order_by())
    rules = {row.key: rules_of(row) for row in rows}
    wants_plans = any(each.minimum_plan for each in rules.values())
    return Flags(
        until,
        rules,
        ranks() if wants_plans else {},
        frozenset((row.pk, row.updated_at) for row in rows),
    )


def rules_of(flag: FeatureFlag) -> Rules:
    return Rules(*(getattr(flag, name) for name in Rules._fields))


def ranks() -> dict[str, int]:
    """Return the rank of every plan by its code."""
    return {code: rank for ask in ranked for code, rank in ask().items()}


def asker(rules: Rules, organization: Any = None) -> Asker:
    """Return who asks for a flag; without an organization, the active one does."""
    context = current()
    pk = getattr(organization, "pk", organization)
    pk = pk or (context.organization_id if context else None)
    if pk is None:
        return Asker()
    override = overrides(pk).get(rules.key)
    if override is not None or not rules.minimum_plan:
        return Asker(pk, "", override)
    loaded = isinstance(organization, Organization)
    return Asker(pk, organization.plan if loaded else plan_of(pk), override)


def overrides(organization_id: UUID) -> dict[str, bool]:
    """Return what an organization has instead of flags, by their keys."""
    kept = _overrides[0]
    known = kept.get(organization_id)
    if known is None:
        with tenant(organization_id):
            rows = OrganizationFeatureFlag.objects.using(using()).order_by()
            known = dict(rows.values_list("flag__key", "enabled"))
        if len(kept) >= MOST_ORGANIZATIONS:
            kept.clear()
        kept[organization_id] = known
    return known


def plan_of(organization_id: UUID) -> str:
    """Return an organization's plan for who has its id only, as of a second ago."""
    now = time.time()
    until, plan = _plans.get(organization_id, (0.0, ""))
    if now < until <= now + KEPT:
        return plan
    with tenant(organization_id):
        found = Organization.objects.using(using()).filter(pk=organization_id)
        plan = found.values_list("plan", flat=True).first() or ""
    if len(_plans) >= MOST_ORGANIZATIONS:
        _plans.clear()
    _plans[organization_id] = (now + KEPT, plan)
    return plan


def forget() -> None:
    """Read everything anew when it is asked for next."""
    _kept[0] = Flags()
    _overrides[0] = {}
    _plans.clear()
