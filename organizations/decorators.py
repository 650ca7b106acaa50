"""One declaration per view of who may call it; a test refuses a view without."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect

from organizations.http import TenantRequest
from organizations.permissions import ABILITIES, roles_with

P = ParamSpec("P")
View = Callable[Concatenate[TenantRequest, P], HttpResponse]


class MissingAbility(PermissionDenied):
    """A member lacks an ability; the refusal page says which, and who has it."""

    def __init__(self, ability: str) -> None:
        super().__init__(ability)
        self.ability = ABILITIES[ability][1]
        self.roles = [role.label for role in roles_with(ability)]


def member_can(ability: str) -> Callable[[View[P]], View[P]]:
    """Allow a view to members of the active organization who have the ability."""
    if ability not in ABILITIES:
        raise ValueError(f"unknown ability {ability!r}")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(
            request: TenantRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.membership is None:
                return redirect("organizations:organization_list")
            if ability not in request.abilities:
                raise MissingAbility(ability)
            return view(request, *args, **kwargs)

        return declare(checked, ability)

    return decorate


def signed_in(view: View[P]) -> View[P]:
    """Allow a view to any signed-in person, whatever organization is active."""

    @wraps(view)
    def checked(
        request: TenantRequest, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(checked, "signed in")


def public(view: View[P]) -> View[P]:
    """Allow a view to everybody, signed in or not."""
    return declare(view, "public")


def declare(view: Any, access: str) -> Any:
    """Write on a view who may call it, for the route list and the matrix."""
    view.access = access
    return view
