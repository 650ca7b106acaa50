"""Ids that come out the same each time a story is told, shaped like all others."""

import hashlib
from uuid import UUID

# Midnight of 1 January 2026; each id is a millisecond later than the one before.
START_MS = 1_767_225_600_000


class FixedIds:
    """Time-ordered ids made from a seed and a counter instead of clock and chance."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.count = 0

    def __call__(self) -> UUID:
        self.count += 1
        rest = hashlib.sha256(f"{self.seed}:{self.count}".encode()).digest()[:10]
        raw = bytearray((START_MS + self.count).to_bytes(6, "big") + rest)
        raw[6] = raw[6] & 0x0F | 0x70
        raw[8] = raw[8] & 0x3F | 0x80
        return UUID(bytes=bytes(raw))
