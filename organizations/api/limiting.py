"""How often a key may ask, and how each answer says so (draft-ietf-httpapi-ratelimit)."""

from datetime import datetime
from typing import Final, NamedTuple

from django.http import HttpResponse

from organizations.api.problems import Problem

WINDOW: Final = 60


class Allowance(NamedTuple):
    """So many requests a minute, so many of them made, at a moment of the minute."""

    most: int
    made: int
    now: datetime

    @property
    def left(self) -> int:
        return max(0, self.most - self.made)

    @property
    def seconds(self) -> int:
        """Seconds until the next minute begins."""
        return WINDOW - self.now.second

    @property
    def problem(self) -> Problem | None:
        """What a key is told that has asked too often; None while it may."""
        if self.made <= self.most:
            return None
        words = f"The plan allows {self.most} requests a minute for each key."
        headers = {"Retry-After": str(self.seconds)}
        return Problem("too_many_requests", words, headers=headers)

    def tell(self, response: HttpResponse) -> HttpResponse:
        """Write on an answer what is left."""
        response.headers["RateLimit-Policy"] = f'"default";q={self.most};w={WINDOW}'
        response.headers["RateLimit"] = f'"default";r={self.left};t={self.seconds}'
        return response
