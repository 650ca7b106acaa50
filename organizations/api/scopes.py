"""What an endpoint asks of the key that calls it: its ability, stated where it is made.

    @router.get("/tasks", auth=Scope("tasks.view"))

The test of all routes reads the same statement.
"""

from typing import Any, Final

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from organizations.api.models import ApiKey
from organizations.api.problems import Problem
from organizations.limits.over import refuse_over
from organizations.limits.standing import refuse_standing
from organizations.models import Standing
from organizations.permissions import ABILITIES

# What no key is asked for and each has: it knows whose it is. Roles include it.
IMPLIED: Final = frozenset({"organization.view"})
SAFE: Final = frozenset({"GET", "HEAD"})


class Scope(HttpAuthBase):
    """Lets requests through whose key has an ability of the table of permissions.

    `makes_less` is for what stays open while a plan's limit is passed, as it leads back.
    """

    openapi_scheme = "bearer"
    openapi_bearerFormat = "ins_…"  # noqa: N815

    def __init__(self, ability: str, *, makes_less: bool = False) -> None:
        if ability not in ABILITIES:
            raise ValueError(f"unknown ability {ability!r}")
        super().__init__()
        self.ability, self.makes_less = ability, makes_less

    def __call__(self, request: HttpRequest) -> ApiKey:
        asked: Any = request
        if asked.api_problem is not None:
            raise asked.api_problem
        key: ApiKey = asked.api_key
        if not key.may(self.ability):
            words = f"It lacks the scope {self.ability}."
            raise Problem("scope_missing", words, scope=self.ability)
        refuse_unpaid(asked, self.ability, makes_less=self.makes_less)
        return key


def refuse_unpaid(request: Any, ability: str, *, makes_less: bool = False) -> None:
    """Raise a PlanRefusal for what the organization's bills or its plan have closed."""
    organization = request.organization
    if organization.standing == Standing.GOOD and not organization.over:
        return
    view = request.resolver_match.view_name if request.resolver_match else ""
    # To a bill all that changes something is alike.
    method = "GET" if request.method in SAFE else "POST"
    refuse_standing(organization, ability, view, method)
    if organization.over and method == "POST" and not makes_less:
        refuse_over(organization, ability, view)
