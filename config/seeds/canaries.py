"""Marks that say whose text it is: seen by anybody else, they prove a leak."""

from dataclasses import dataclass, field

from accounts.models import User
from organizations.models import Organization, Role

ROLES = tuple(role.value for role in Role)
# In both A and B; members of A who may not come in, or no longer; and staff.
SHARED, SUSPENDED, REMOVED, OPERATOR = "shared", "suspended", "removed", "operator"
PHRASE = "canary pass {login}"


@dataclass
class Marked:
    """One organization of the isolation story while it is being made."""

    letter: str
    people: dict[str, User] = field(default_factory=dict)
    organization: Organization | None = None

    def mark(self, what: str, number: int = 1) -> str:
        """Return the canary of a text of this organization."""
        return f"CNRY-{self.letter}-{what}-{number}"

    def login(self, role: str) -> str:
        """Return the address of the organization's person of a role."""
        return f"{self.mark(role)}@example.com".lower()


def password_of(login: str) -> str:
    """Return the password of a person of the story."""
    return PHRASE.format(login=login.partition("@")[0])
