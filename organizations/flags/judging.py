"""Whether a flag is on for an organization, and which of its rules has decided."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BUCKETS: Final = 100


class Source(models.TextChoices):
    """The rules in the order in which they are asked."""

    KILLED = "killed", _("Kill switch")
    OVERRIDE = "override", _("Own switch")
    PLAN = "plan", _("Plan")
    ROLLOUT = "rollout", _("Rollout")
    DEFAULT = "default", _("Default")


class Rules(NamedTuple):
    """What a flag says for everybody."""

    key: str
    default_enabled: bool
    minimum_plan: str
    rollout_percent: int | None
    is_killed: bool


class Asker(NamedTuple):
    """Whom a flag is asked for: nobody, or an organization with its plan and switch."""

    organization_id: UUID | None = None
    plan: str = ""
    override: bool | None = None


class Step(NamedTuple):
    """One rule: its verdict, None where it leaves it to the next, and why."""

    source: Source
    verdict: bool | None
    words: str | Promise


def steps(rules: Any, asker: Asker, ranks: Mapping[str, int]) -> Iterator[Step]:
    """Yield what each rule says; the first that says on or off decides.

    `ranks` has the rank of each plan by its code.
    """
    yield kill_switch(rules)
    yield own_switch(asker)
    yield plan(rules, asker, ranks)
    yield rollout(rules, asker)
    words = _("On by default.") if rules.default_enabled else _("Off by default.")
    yield Step(Source.DEFAULT, bool(rules.default_enabled), words)


def judged(rules: Any, asker: Asker, ranks: Mapping[str, int]) -> Step:
    """Return the step that decides."""
    return next(step for step in steps(rules, asker, ranks) if step.verdict is not None)


def kill_switch(rules: Any) -> Step:
    if rules.is_killed:
        return Step(Source.KILLED, False, _("Off for everybody."))
    return Step(Source.KILLED, None, _("Not pulled."))


def own_switch(asker: Asker) -> Step:
    words = {
        None: _("The organization has none."),
        True: _("On for this organization."),
        False: _("Off for this organization."),
    }
    return Step(Source.OVERRIDE, asker.override, words[asker.override])


def plan(rules: Any, asker: Asker, ranks: Mapping[str, int]) -> Step:
    """A plan below the one that is asked for, or one that nobody knows, ends it."""
    wanted = rules.minimum_plan
    if not wanted:
        return Step(Source.PLAN, None, _("Every plan has it."))
    names = {"wanted": wanted, "plan": asker.plan or "–"}
    if wanted in ranks and ranks.get(asker.plan, -1) >= ranks[wanted]:
        words = _("From %(wanted)s on; the plan is %(plan)s.")
        return Step(Source.PLAN, None, words % names)
    return Step(Source.PLAN, False, _("%(plan)s is below %(wanted)s.") % names)


def rollout(rules: Any, asker: Asker) -> Step:
    percent = rules.rollout_percent
    if percent is None:
        return Step(Source.ROLLOUT, None, _("None under way."))
    if asker.organization_id is None:
        return Step(Source.ROLLOUT, False, _("No organization, so no place in it."))
    place = bucket(rules.key, asker.organization_id)
    values = {"place": place + 1, "percent": percent}
    if place < percent:
        words = _("Place %(place)s of 100, within %(percent)s.")
        return Step(Source.ROLLOUT, True, words % values)
    words = _("Place %(place)s of 100, beyond %(percent)s.")
    return Step(Source.ROLLOUT, False, words % values)


def bucket(key: str, organization_id: UUID) -> int:
    """Return an organization's place in a flag's rollout, from 0 to 99.

    It never changes: whoever is within a percentage is within every larger one, and
    another flag begins with other organizations.
    """
    digest = hashlib.sha256(f"{key}:{organization_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % BUCKETS
