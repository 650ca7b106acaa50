"""A checkout of its own, as for the quick tests of its life."""

from tests.devdb.conftest import here, home, join, start

__all__ = ["here", "home", "join", "start"]
