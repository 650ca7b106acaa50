"""A person's browser, and several people writing at once until told to stop."""

import http.cookiejar
import threading
from collections import Counter
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

TIMEOUT = 30
REDIRECT = 302
LOST = 0


class NoRedirect(HTTPRedirectHandler):
    """Shows a redirect as the answer it is: the acknowledgement of a write."""

    def redirect_request(self, *args: object) -> None:
        return None


class Browser:
    """One signed-in person."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener: OpenerDirector = build_opener(
            NoRedirect, HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> int:
        return self.open(Request(f"{self.address}{path}"))

    def post(self, path: str, **fields: str | int) -> int:
        """Return the answer's status, or LOST when the connection broke."""
        token = next(c.value for c in self.cookies if c.name == "csrftoken")
        return self.open(
            Request(
                f"{self.address}{path}",
                data=urlencode(fields).encode(),
                headers={"X-CSRFToken": token or ""},
            )
        )

    def open(self, request: Request) -> int:
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code
        except (URLError, OSError):
            return LOST

    def sign_in(self, email: str, password: str) -> "Browser":
        self.get("/accounts/login/")
        status = self.post("/accounts/login/", login=email, password=password)
        assert status == REDIRECT, f"sign-in answered {status}"
        return self


class Writers:
    """People creating tasks as fast as they can, who remember what was promised."""

    def __init__(self, browser: Browser, name: str, people: int = 4) -> None:
        self.browser = browser
        self.name = name
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self.write, args=[number])
            for number in range(people)
        ]

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def write(self, number: int) -> None:
        count = 0
        while not self.is_over.is_set():
            count += 1
            title = f"{self.name} {number}-{count}"
            status = self.browser.post(
                "/tasks/new/", title=title, status="todo", priority=3
            )
            self.statuses[status] += 1
            if status == REDIRECT:
                self.acknowledged.append(title)
