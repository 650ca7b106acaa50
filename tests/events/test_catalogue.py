"""Every event that is recorded is named and described, in code and on paper."""

import ast
import re

import pytest

from organizations.events.catalogue import CATALOGUE, EVENTS, UNSENT
from tests.audit.changes import CHANGES, READ_OUT, REPEATED
from tests.contracts.house import ROOT, product, tree

NAME = re.compile(r"[a-z_]+\.[a-z_]+")
# What is recorded elsewhere than in an organization: of people, staff and plans.
OUTSIDE = {
    "backup.failed",
    "backup.made",
    "backup.restored",
    "upgrade.rehearsed",
    "console.entered",
    "job.retried",
    "organization.purged",
    "organization.time_ended",
    "secrets.rotated",
    "price.published",
    "price.replaced",
    "staff_note.added",
    "staff_note.merged",
    "stripe_event.replayed",
    "welcome_step.announced",
}
PEOPLE = "user."


def recorded() -> set[str]:
    """Return what the sources record by name."""
    calls = (
        node
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"record", "build"}
        and node.args
    )
    texts = (
        text.value
        for call in calls
        for text in ast.walk(call.args[0])
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    )
    return {text for text in texts if NAME.fullmatch(text)}


def changed() -> set[str]:
    """Return what the routes record."""
    every = (CHANGES | REPEATED | READ_OUT).values()
    return {action for change in every for action in change.actions}


def of_organizations(actions: set[str]) -> set[str]:
    return {a for a in actions if not a.startswith(PEOPLE)} - OUTSIDE


@pytest.mark.parametrize("found", [recorded, changed])
def test_what_is_recorded_in_an_organization_is_in_the_catalogue(found):
    actions = found()
    assert len(actions) > 60
    assert of_organizations(actions) - EVENTS.keys() - UNSENT == set()


def test_each_event_stands_in_its_group_and_says_what_it_means():
    for group, (title, events) in CATALOGUE.items():
        assert str(title)
        for name, words in events.items():
            assert name.partition(".")[0] == group
            assert str(words).endswith(".")


def test_nothing_is_in_the_catalogue_that_nobody_records():
    """By name or by its last word, where names are put together."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in product())
    sources = sources.replace((ROOT / CATALOGUE_FILE).read_text(encoding="utf-8"), "")
    told = re.compile(r"subscription\.(trial_\w+)_told")
    unknown = [
        name
        for name in EVENTS
        if f'"{name}"' not in sources
        and not ((found := told.fullmatch(name)) and f'"{found[1]}"' in sources)
    ]
    assert unknown == []


CATALOGUE_FILE = "organizations/events/catalogue.py"


def test_the_paper_lists_every_event():
    text = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", text, re.M)
    assert dict(listed) == {name: str(words) for name, words in EVENTS.items()}
