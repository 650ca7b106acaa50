from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.seeds import DEMO_SIGN_INS, demo, isolation
from config.seeds.people import anybody, known
from config.seeds.summary import as_line
from config.seeds.switches import add_flag


class Command(BaseCommand):
    help = "Fill the database with a demo story, told through the product's own flows"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--story", choices=["demo", "isolation"], default="demo")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing when the database has people in it",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="end with one line of JSON (isolation story)",
        )
        parser.add_argument(
            "--tasks",
            type=int,
            default=10_000,
            help="tasks of the isolation story's large organization",
        )

    def handle(self, *args: Any, story: str, if_empty: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The people of the stories have known passwords, so seed runs only"
                " while DEBUG is on."
            )
        if settings.BILLING_DOUBLE:
            # A double that was thrown away, or is new, sells nothing yet.
            call_command("billing_setup", verbosity=0)
        if if_empty and anybody():
            return
        if story == "demo":
            self.tell_demo()
        else:
            self.tell_isolation(as_json=options["json"], tasks=options["tasks"])

    def tell_demo(self) -> None:
        if known(demo.addresses()):
            raise CommandError(
                "The demo story is in this database already; `manage.py devdb reset`"
                " makes an empty one."
            )
        demo.tell()
        if settings.HAS_CONSOLE:
            add_flag()
        self.stdout.write("The demo story is told. Sign in as:")
        for role, email, password in DEMO_SIGN_INS:
            self.stdout.write(f"  {email:<20} {password:<16} {role}")

    def tell_isolation(self, *, as_json: bool, tasks: int) -> None:
        story = isolation.tell(tasks=tasks)
        for actor in story["actors"]:
            self.stdout.write(
                f"  {actor['login']:<32} {actor['password']:<28}"
                f" {actor['role']} {actor['org'] or ''}"
            )
        if as_json:
            self.stdout.write(as_line(story))
