"""When no story is told: not half of one, and none on a server."""

import pytest
from django.core.management import CommandError

from tests.seeds.conftest import people, seed


def test_a_story_is_told_whole_or_not_at_all(db, monkeypatch):
    from config.seeds import demo

    def broken(*args, **kwargs):
        raise RuntimeError("half-way")

    monkeypatch.setattr(demo, "add_work", broken)
    with pytest.raises(RuntimeError):
        seed()
    assert not people()


@pytest.mark.parametrize("story", ["demo", "isolation"])
def test_known_passwords_stay_out_of_production(db, settings, story):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        seed("--story", story)
    assert not people()
