"""A flag of the demo: something that is rolled out to some organizations."""

from typing import Final

from organizations.flags.models import FeatureFlag
from organizations.tenancy import no_context, operator

KEY: Final = "week_view"


def add_flag() -> None:
    """Define it as staff would; no code asks for it."""
    values = {
        "name": "Week view",
        "description": "The tasks of a week side by side. Nothing asks for it: it shows"
        " what a rollout looks like.",
        "rollout_percent": 25,
    }
    with no_context(), operator(None, "demo story"):
        FeatureFlag.objects.get_or_create(key=KEY, defaults=values)
