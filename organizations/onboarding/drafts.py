"""What was typed into a step and not sent, kept in the session: Back loses nothing."""

from typing import Any, Final

from organizations.onboarding.models import WelcomeStep

DRAFTS_KEY: Final = "welcome_drafts"


def keep(request: Any, step: WelcomeStep, draft: dict[str, str]) -> None:
    """Keep what was typed; a step that asks nothing leaves nothing."""
    if draft:
        every = request.session.get(DRAFTS_KEY, {})
        request.session[DRAFTS_KEY] = every | {str(step.pk): draft}


def kept(request: Any, step: WelcomeStep) -> dict[str, str]:
    """Return what was typed into a step before."""
    found: dict[str, str] = request.session.get(DRAFTS_KEY, {}).get(str(step.pk), {})
    return found


def forget(request: Any, step: WelcomeStep) -> None:
    """Forget what was typed, once the step is settled."""
    every = dict(request.session.get(DRAFTS_KEY, {}))
    if every.pop(str(step.pk), None) is not None:
        request.session[DRAFTS_KEY] = every
