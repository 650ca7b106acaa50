"""A small identity provider on loopback, which says what a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Issuer(ThreadingHTTPServer):
    """Knows one person, whose facts are `person`, and counts the codes it took."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: Any = {
            "sub": "person-1",
            "email": "zoe@example.com",
            "email_verified": True,
            "given_name": "Zoe",
            "family_name": "Elsewhere",
        }
        self.asked: list[dict[str, list[str]]] = []
        self.refuses = False


class Desk(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self.say(
                {
                    "issuer": self.server.url,
                    "authorization_endpoint": f"{self.server.url}/authorize",
                    "token_endpoint": f"{self.server.url}/token",
                    "userinfo_endpoint": f"{self.server.url}/userinfo",
                    "jwks_uri": f"{self.server.url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.headers.get("Authorization") == "Bearer a-token":
            self.say(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append(parse_qs(self.rfile.read(length).decode()))
        if self.server.refuses:
            self.send_error(400)
        else:
            self.say({"access_token": "a-token", "token_type": "Bearer"})

    def say(self, facts: Any) -> None:
        body = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    # It looks every so often whether it shall end.
    looking = {"poll_interval": 0.01}
    thread = threading.Thread(target=issuer.serve_forever, kwargs=looking, daemon=True)
    thread.start()
    yield issuer
    issuer.shutdown()
    issuer.server_close()
    thread.join()
