import http.client
import os
import signal
import sys
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import devdb
from config.devdb.paths import DevDatabaseError
from config.devserver.instance import Instance, StartError
from config.devserver.supervisor import Supervisor
from config.seeds import DEMO_SIGN_INS

FIRST_ANSWER = 120


class Command(BaseCommand):
    help = "Run web, worker and database for development until Ctrl-C"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _end)
        # Links in mails carry the port.
        os.environ["PORT"] = str(port)
        folder = devdb.state_dir()
        try:
            devdb.prepare()
            instance = Instance(folder / "run.lock", host, port)
            self.serve(instance)
            instance.end()
        except (StartError, DevDatabaseError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            sys.exit(130)

    def serve(self, instance: Instance) -> None:
        if devdb.is_used():
            self.tell("Starting PostgreSQL ...")
            devdb.hold()
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEBUG:
            call_command("seed", if_empty=True)
        supervisor = Supervisor(
            instance.listener, has_devdb=devdb.is_used(), tell=self.tell
        )
        threading.Thread(target=self.greet, args=[instance], daemon=True).start()
        supervisor.run()
        self.tell("Stopped.")

    def greet(self, instance: Instance) -> None:
        host, port = instance.listener.getsockname()[:2]
        connection = http.client.HTTPConnection(host, port, timeout=FIRST_ANSWER)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            return
        lines = [f"Insula is ready: {instance.address}/tasks/", ""]
        if settings.DEBUG:
            lines += [
                f"  {mail:<20} {password:<16} {role}"
                for role, mail, password in DEMO_SIGN_INS
            ]
        lines += [
            "",
            f"  Sign in:  {instance.address}/accounts/login/",
            f"  Console:  {instance.address}/admin/",
            "  Ctrl-C stops everything.",
        ]
        self.tell("\n".join(lines))

    def tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
