import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import devdb
from config.doctor import APART, CHECKS, examine, verdict


class Command(BaseCommand):
    help = (
        "Examine this installation and say how to mend what is wrong;"
        " exit code 1 with problems, 2 with warnings only"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        if devdb.is_used():
            devdb.hold()
        found = examine()
        checks = len(APART) + len(CHECKS)
        if options["json"]:
            rows = [each.as_dict() for each in found]
            self.stdout.write(json.dumps({"checks": checks, "findings": rows}))
        else:
            for each in found:
                self.stdout.write(str(each))
            self.stdout.write(f"{checks} checks, {len(found)} findings.")
        if code := verdict(found):
            sys.exit(code)
