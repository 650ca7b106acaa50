"""Every flag that code and templates ask for; each has its row by a migration."""

from typing import Final

WEBHOOKS_REPLAY_FAILED: Final = "webhooks_replay_failed"

DECLARED: Final = frozenset({WEBHOOKS_REPLAY_FAILED})
