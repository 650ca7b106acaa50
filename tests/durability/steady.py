"""People who ask at a steady pace, on new connections and on kept ones."""

import http.client
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

TIMEOUT = 30


class Steady:
    """So many requests a second from several threads; every second one keeps its
    connection, as a proxy does."""

    def __init__(self, address: str, path: str, headers: dict[str, str], pace: int):
        parts = urlsplit(address)
        self.place = (parts.hostname or "", parts.port or 80)
        self.path, self.headers = path, headers
        self.statuses: Counter[str] = Counter()
        self.slowest = 0.0
        self.is_over = threading.Event()
        people = 10
        self.pause = people / pace
        self.threads = [
            threading.Thread(target=self.ask, args=[number]) for number in range(people)
        ]

    def __enter__(self) -> "Steady":
        self.started = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.seconds = time.monotonic() - self.started

    @property
    def count(self) -> int:
        return self.statuses.total()

    def ask(self, number: int) -> None:
        keeps = number % 2 == 0
        due = time.monotonic() + self.pause * number / len(self.threads)
        connection = self.connect()
        while not self.is_over.wait(max(0.0, due - time.monotonic())):
            due += self.pause
            if not keeps:
                connection.close()
                connection = self.connect()
            asked = time.monotonic()
            self.statuses[self.one(connection)] += 1
            self.slowest = max(self.slowest, time.monotonic() - asked)
        connection.close()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self.place, timeout=TIMEOUT)

    def one(self, connection: http.client.HTTPConnection) -> str:
        """Return the status of one request, or the error it ended with."""
        try:
            connection.request("GET", self.path, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
        return str(answer.status)
