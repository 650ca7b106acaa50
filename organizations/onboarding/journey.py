"""Which steps a person is led through, and which of them is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from organizations.onboarding.kinds import ORGANIZATION, kinds
from organizations.onboarding.models import WelcomeProgress, WelcomeStep


@dataclass
class Place:
    """One step for one person: what became of it, and whether it can be opened."""

    step: WelcomeStep
    outcome: str
    is_open: bool


class Journey:
    """One person's way; after its end, only what was announced since."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.is_over: bool = request.user.onboarding_completed
        self.places = list(self._news() if self.is_over else self._walked())

    def find(self, pk: UUID) -> Place | None:
        """Return the place of a step that can be opened now."""
        found = (place for place in self.places if place.step.pk == pk)
        return next((place for place in found if place.is_open), None)

    def current(self) -> Place | None:
        """Return where the person goes on: the first step that is not settled, else
        the last one; None where there is nothing to do."""
        opened = [place for place in self.places if place.is_open]
        waiting = [place for place in opened if not place.outcome]
        return next(iter(waiting or opened[-1:]), None)

    def before(self, place: Place) -> Place | None:
        """Return the step one goes back to."""
        at = self.places.index(place)
        opened = [one for one in self.places[:at] if one.is_open]
        return opened[-1] if opened else None

    def after(self, place: Place) -> Place | None:
        """Return the step that follows; None at the end."""
        if self.is_over:
            return None
        at = self.places.index(place)
        owed = [
            one
            for one in self.places
            if one is not place and not one.step.is_skippable and not one.outcome
        ]
        return next(iter(self.places[at + 1 :] or owed), None)

    def _walked(self) -> Iterator[Place]:
        settled = self._settled()
        known = [step for step in enabled_steps() if step.kind in kinds]
        founds = any(step.kind == ORGANIZATION for step in known)
        is_barred = False
        for step in known:
            outcome = settled.get(step.pk, "")
            if not self._concerns(step, outcome, founds=founds):
                continue
            lacks = bool(step.about.ability) and self.request.organization is None
            if step.kind == ORGANIZATION:
                lacks = False
            yield Place(step, outcome, not (is_barred or lacks))
            is_barred |= not (step.is_skippable or outcome)

    def _news(self) -> Iterator[Place]:
        """Yield what is offered to whoever had finished: the session's row tells it."""
        offered = {UUID(key) for key, _kind, _title in self.request.user.whats_new}
        for step in enabled_steps() if offered else ():
            is_known = step.pk in offered and step.kind in kinds
            if is_known and self._concerns(step, "", founds=False):
                yield Place(step, "", is_open=True)

    def _concerns(self, step: WelcomeStep, outcome: str, *, founds: bool) -> bool:
        return concerns(self.request, step.kind, outcome, founds=founds)

    def _settled(self) -> dict[UUID, str]:
        rows = WelcomeProgress.objects.filter(user=self.request.user)
        return dict(rows.values_list("step_id", "outcome"))


def concerns(request: Any, kind: str, outcome: str = "", *, founds: bool) -> bool:
    """Return whether a kind of step is for a person.

    Whoever was invited founds nothing; `founds` tells that an organization is made on
    the way, so that what takes one comes later.
    """
    needed = kinds[kind].ability
    if kind == ORGANIZATION:
        mine = bool(outcome) and needed in request.abilities
        return not request.memberships or mine
    if not needed or needed in request.abilities:
        return True
    return founds and not request.memberships


def enabled_steps() -> list[WelcomeStep]:
    """Return the steps that are shown, in their order."""
    return list(WelcomeStep.objects.filter(is_enabled=True).order_by("position", "pk"))
