"""Run web and worker as children, and keep them and the database alive."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from config import devdb
from config.devdb.paths import CHECKOUT, DevDatabaseError
from config.devserver import lifeline
from config.devserver.children import Child
from config.devserver.sources import Sources

TICK = 0.1
HEAD_START = 2.0
SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 1.0


class Supervisor:
    """The development server: a socket, two children and, if ours, the database."""

    def __init__(
        self, listener: socket.socket, *, has_devdb: bool, tell: Callable[[str], None]
    ) -> None:
        self.has_devdb = has_devdb
        self.tell = tell
        self.is_stopping = False
        self.next_look = 0.0
        self.sources = Sources(CHECKOUT)
        # The writing end stays open here and nowhere else.
        reading, self._writing = os.pipe()
        environment = {lifeline.VARIABLE: str(reading)}
        # The socket is ours, so visitors wait instead of failing while web restarts.
        gunicorn = [sys.executable, "-m", "gunicorn", "--bind"]
        self.web = Child(
            "web",
            [
                *gunicorn,
                f"fd://{listener.fileno()}",
                "--config=python:config.devserver.gunicorn_conf",
            ],
            environment,
            [reading, listener.fileno()],
        )
        self.worker = Child(
            "worker", [sys.executable, "manage.py", "worker"], environment, [reading]
        )

    def run(self) -> None:
        """Tend the children until a signal asks to stop, then stop them all."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            self.web.start()
            # The first page comes sooner when the worker waits for it.
            self.worker.start_in(HEAD_START)
            while not self.is_stopping:
                self._tend()
                time.sleep(TICK)
        finally:
            self._stop()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _tend(self) -> None:
        if self.has_devdb:
            self._tend_database()
        for child in (self.web, self.worker):
            news = child.tend()
            if news:
                self.tell(news)
        if time.monotonic() > self.next_look:
            self.next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
            # Gunicorn reloads by itself, the worker does not.
            if self.sources.have_changed():
                self.worker.restart()

    def _tend_database(self) -> None:
        try:
            if devdb.revive():
                self.tell("PostgreSQL was gone and is started again.")
        except DevDatabaseError as error:
            self.tell(str(error))

    def _stop(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_STOP
        for child in (self.web, self.worker):
            child.ask_to_stop()
        for child in (self.web, self.worker):
            child.finish(deadline)
