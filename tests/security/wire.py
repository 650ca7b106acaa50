"""Asking the application as a server does, connections' life cycle included."""

import io
from typing import Any, NamedTuple

from config.wsgi import application


class Answer(NamedTuple):
    """What a server would send back."""

    status: int
    headers: dict[str, str]
    text: str


def ask(path: str, body: bytes = b"", **environ: Any) -> Answer:
    """Call the WSGI application; unlike the test client it manages connections."""
    begun: list[tuple[str, list]] = []
    given = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = application({**given, **environ}, lambda *start: begun.append(start))
    text = b"".join(answer).decode(errors="replace")
    answer.close()
    (status, headers), *_ = begun
    return Answer(int(status.split()[0]), dict(headers), text)
