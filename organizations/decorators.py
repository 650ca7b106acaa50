"""One declaration per view of who may call it; a test refuses a view without."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from organizations.http import TenantRequest
from organizations.limits.over import refuse_over
from organizations.limits.standing import refuse_standing
from organizations.models import Standing
from organizations.permissions import ABILITIES, roles_with

P = ParamSpec("P")
View = Callable[Concatenate[TenantRequest, P], HttpResponseBase]


class MissingAbility(PermissionDenied):
    """A member lacks an ability; the refusal page says which, and who has it."""

    def __init__(self, ability: str) -> None:
        super().__init__(ability)
        self.ability = ABILITIES[ability][1]
        self.roles = [role.label for role in roles_with(ability)]


def member_can(
    ability: str, *, post: str | None = None
) -> Callable[[View[P]], View[P]]:
    """Allow a view to members of the active organization who have the ability.

    `post` is the ability that sending the page's form takes, where it is another.
    """
    for name in (ability, post or ability):
        if name not in ABILITIES:
            raise ValueError(f"unknown ability {name!r}")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(
            request: TenantRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            refused = turned_away(request)
            if refused is not None:
                return refused
            needed = post if post and request.method == "POST" else ability
            if needed not in request.abilities:
                raise MissingAbility(needed)
            refuse_unpaid(request, needed)
            return view(request, *args, **kwargs)

        return declare(checked, ability, post)

    return decorate


def refuse_unpaid(request: TenantRequest, ability: str) -> None:
    """Raise a PlanRefusal for what the organization's bills or its plan have closed."""
    organization: Any = request.organization
    if organization.standing == Standing.GOOD and not organization.over:
        return
    view = request.resolver_match.view_name if request.resolver_match else ""
    refuse_standing(organization, ability, view, request.method or "")
    if organization.over and request.method == "POST":
        refuse_over(organization, ability, view)


def signed_in(view: View[P]) -> View[P]:
    """Allow a view to any signed-in person, whatever organization is active."""

    @wraps(view)
    def checked(
        request: TenantRequest, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return declare(checked, "signed in")


def public(view: View[P]) -> View[P]:
    """Allow a view to everybody, signed in or not."""
    return declare(view, "public")


def kept_from_staff(view: View[P]) -> View[P]:
    """Close a view to staff who look on as somebody, by whichever method: it shows what
    is the person's alone, hands data out, or cannot be taken back."""
    view.kept_from_staff = True  # type: ignore[attr-defined]
    return view


def open_to_staff(view: View[P]) -> View[P]:
    """Open a view to staff who look on, which would be closed to them otherwise."""
    view.kept_from_staff = False  # type: ignore[attr-defined]
    return view


def declare(view: Any, access: str, post: str | None = None) -> Any:
    """Write on a view who may call it, for the route list and the matrix."""
    view.access, view.post_access = access, post or access
    return view


def turned_away(request: TenantRequest) -> HttpResponse | None:
    """Return where somebody goes who may not work in the organization of the page."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    if request.closed_organization is not None:
        return to_second_step(request)
    if request.membership is None:
        return go(request, resolve_url("organizations:organization_list"))
    opened_in = request.headers.get("X-Organization") or (
        request.POST.get("organization") if request.method == "POST" else None
    )
    if opened_in and opened_in != str(request.organization.pk):
        return organization_changed(request, opened_in)
    return None


def to_sign_in(request: TenantRequest) -> HttpResponse:
    """Send somebody to the sign-in page, and back afterwards to what they looked at."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(redirect_to_login(looked_at(request))["Location"])


def to_second_step(request: TenantRequest) -> HttpResponse:
    """Send somebody to the second step their organization asks for, and back."""
    back = "/"
    if request.htmx:
        back = looked_at(request)
    elif request.method == "GET":
        back = request.get_full_path()
    query = urlencode({"next": back}, safe="/")
    return go(request, f"{resolve_url('security:second_step')}?{query}")


def looked_at(request: TenantRequest) -> str:
    """Return the page whose part asks."""
    page = urlsplit(request.htmx.current_url or "/")
    return page._replace(scheme="", netloc="").geturl()


def go(request: TenantRequest, address: str) -> HttpResponse:
    """Redirect the page, not only the part of it that asked."""
    if request.htmx:
        return HttpResponseClientRedirect(address)
    response = HttpResponse(status=302)
    response["Location"] = address
    return response


def organization_changed(request: TenantRequest, opened_in: str) -> HttpResponse:
    """Refuse a page that was opened before another tab changed the organization."""
    before = next(
        (
            one.organization
            for one in request.memberships
            if str(one.organization_id) == opened_in
        ),
        None,
    )
    if not request.htmx:
        theme = request.COOKIES.get("theme", "")
        context = {"before": before, "request_id": request.id, "theme": theme}
        page = "organizations/organization_changed.html"
        return render(request, page, context, status=409)
    text = _(
        "You now work in %(organization)s. Nothing was changed; load this page again."
    ) % {"organization": request.organization}
    response = HttpResponse(status=409)
    return trigger_client_event(response, "toast", {"text": text, "level": "error"})
