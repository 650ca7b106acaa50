"""A reader of each test's own, which keeps what it was given."""

import pytest

from organizations.events import reading


@pytest.fixture(autouse=True)
def only(monkeypatch):
    """Nobody else reads along."""
    monkeypatch.setattr(reading, "_readers", {})


@pytest.fixture
def heard(only):
    found = []
    reading.reader("test")(
        lambda entries: found.extend((one.sequence, one.action) for one in entries)
    )
    return found
