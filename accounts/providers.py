"""accounts/: the ways to other providers and back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.github import views as github
from allauth.socialaccount.providers.google import views as google
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path

# What a provider's answer leads to that is not what was agreed.
SENSELESS = (
    AttributeError,
    ImproperlyConfigured,
    LookupError,
    TypeError,
    ValueError,
)


def leaving(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show a page that goes on to the provider.

    A form may not lead to another host, not even by a redirect: the policy forbids it,
    and an allowance would have to know every host a provider redirects to.
    """

    @wraps(view)
    def left(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = offered(view, request, *args, **kwargs)
        target = answer.get("Location", "")
        if not target.startswith(("https://", "http://")):
            return answer
        return render(request, "socialaccount/leaving.html", {"target": target})

    return left


def returning(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say that signing in failed where a provider's answer makes no sense."""

    @wraps(view)
    def returned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return offered(view, request, *args, **kwargs)
        except SENSELESS:
            return redirect("socialaccount_login_error")

    return returned


def offered(view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer 404 for a provider this server does not offer."""
    try:
        answer: HttpResponse = view(request, *args, **kwargs)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer


def ways(name: str, start: Any, back: Any) -> list[Any]:
    return [
        path("login/", leaving(start), name=f"{name}_login"),
        path("login/callback/", returning(back), name=f"{name}_callback"),
    ]


urlpatterns = [
    path("connected/", include("allauth.socialaccount.urls")),
    path(
        "google/", include(ways("google", google.oauth2_login, google.oauth2_callback))
    ),
    path(
        "github/", include(ways("github", github.oauth2_login, github.oauth2_callback))
    ),
    path(
        "oidc/<slug:provider_id>/",
        include(ways("openid_connect", oidc.login, oidc.callback)),
    ),
]
