"""Every address there is: its view, its methods, and who may call it.

Operations of the API are listed one by one; a key calls them, and no person.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import Operation

from organizations.api.manners import path_view_of
from organizations.api.scopes import Scope
from organizations.permissions import ABILITIES, roles_with

# Routes of other packages, and of the machine room, which no decorator of ours marks.
ELSEWHERE: Final = {
    "account_": "sign-in pages",
    "github_": "sign-in pages",
    "google_": "sign-in pages",
    "mfa_": "sign-in pages",
    "openid_connect_": "sign-in pages",
    "socialaccount_": "sign-in pages",
    "usersessions_": "sign-in pages",
    "admin:": "staff",
    "healthz": "public",
    "readyz": "public",
    # It answers nothing; the library tells addresses from it.
    "v1:api-root": "nobody",
}
HTTP: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Route:
    """One address with the view behind it; `access` says per method who may call it."""

    name: str
    address: str
    view: str
    methods: tuple[str, ...]
    access: dict[str, str]
    elsewhere: str
    by_key: bool = False

    @property
    def roles(self) -> dict[str, list[str]]:
        """The roles that may call it in their own organization, per method."""
        return {
            method: [role.value for role in roles_with(access)]
            for method, access in self.access.items()
            if access in ABILITIES
        }


def every_route() -> list[Route]:
    """Return all routes in the order they are tried."""
    return list(walk(get_resolver().url_patterns))


def walk(patterns: list[Any], prefix: str = "/", space: str = "") -> Iterator[Route]:
    """Yield the routes below a part of the map."""
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry.url_patterns, address, inner)
        elif isinstance(entry, URLPattern):
            operation = operation_of(entry)
            if operation is None:
                yield described(entry, address, space)
            else:
                yield called_by_keys(operation, address, f"{space}{entry.name}")


def operation_of(entry: URLPattern) -> Operation | None:
    """Return the operation of the API that a line of the map stands for."""
    behind = path_view_of(entry.callback)
    if behind is None:
        return None
    return next(one for one in behind.operations if entry.name == name_of(one))


def name_of(operation: Operation) -> str:
    return getattr(operation, "url_name", None) or operation.view_func.__name__


def called_by_keys(operation: Operation, address: str, name: str) -> Route:
    """Return the route of an operation of the API, with the ability its key needs."""
    view, methods = operation.view_func, tuple(operation.methods)
    scopes = [one for one in operation.auth_callbacks if isinstance(one, Scope)]
    return Route(
        name=name,
        address=address,
        view=f"{view.__module__}.{view.__qualname__}",
        methods=methods,
        access={method: one.ability for one in scopes for method in methods},
        elsewhere="",
        by_key=True,
    )


def described(entry: URLPattern, address: str, space: str) -> Route:
    """Return the route of one line of the map."""
    view: Any = getattr(entry.callback, "func", entry.callback)
    name = f"{space}{entry.name or ''}"
    methods = methods_of(view)
    elsewhere = owner_of(name)
    access: Any = None if elsewhere else getattr(view, "access", None)
    post = getattr(view, "post_access", access)
    declared: dict[str, str] = {
        method: post if method == "POST" else access for method in methods
    }
    return Route(
        name=name,
        address=address,
        view=f"{view.__module__}.{view.__qualname__}",
        methods=methods,
        access=declared if access else {},
        elsewhere=elsewhere,
    )


def owner_of(name: str) -> str:
    return next((who for start, who in ELSEWHERE.items() if name.startswith(start)), "")


def methods_of(view: Any) -> tuple[str, ...]:
    """Return the methods a view answers: its decorator's, or its class's."""
    listed = inspect.getclosurevars(view).nonlocals.get("request_method_list", ())
    drawn = getattr(view, "view_class", None)
    if drawn is not None:
        listed = [name for name in HTTP if hasattr(drawn, name.lower())]
    return tuple(method for method in HTTP if method in listed)
