"""Lists every address with its view, its methods and who may call it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from config.routes import Route, every_route


class Command(BaseCommand):
    """`manage.py routes`, as columns for people or `--json` for programs."""

    help = "List every route with its view, methods and the access it needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        routes = every_route()
        if options["json"]:
            facts = [asdict(route) | {"roles": route.roles} for route in routes]
            self.stdout.write(json.dumps(facts, indent=1))
            return
        for route in routes:
            methods = ",".join(route.methods) or "any"
            self.stdout.write(
                f"{route.address:<48} {methods:<10} {words(route):<44} {route.name}"
            )


def words(route: Route) -> str:
    """Return who may call a route, method by method where they differ."""
    kinds = set(route.access.values())
    if len(kinds) <= 1:
        return next(iter(kinds), route.elsewhere or "UNDECLARED")
    return ", ".join(f"{method} {access}" for method, access in route.access.items())
