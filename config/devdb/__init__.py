"""The embedded PostgreSQL a checkout uses while DATABASE_URL is unset."""

from config.devdb.life import hold, is_held_elsewhere, is_used, prepare, release, revive
from config.devdb.paths import state_dir
from config.devdb.secrets import secret, url

__all__ = [
    "hold",
    "is_held_elsewhere",
    "is_used",
    "prepare",
    "release",
    "revive",
    "secret",
    "state_dir",
    "url",
]
