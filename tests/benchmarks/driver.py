"""A small keep-alive HTTP client that asks for one page as often as it can."""

import socket
import statistics
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """What one timed run saw; seconds are wall time, latencies milliseconds."""

    requests: int = 0
    bad: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    body_bytes: int = 0
    timing: str = ""

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.latencies, n=100)[round(share) - 1]


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.buffer = b""

    def ask(self, message: bytes) -> tuple[int, dict[bytes, bytes], int]:
        """Send a prepared request; return status, headers and body length."""
        for attempt in (1, 2):
            try:
                return self._ask(message)
            except OSError:
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def _ask(self, message: bytes) -> tuple[int, dict[bytes, bytes], int]:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 20)
            self.buffer = b""
        self.socket.sendall(message)
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        length = int(headers.get(b"content-length", b"0"))
        self.buffer = rest
        while len(self.buffer) < length:
            self._more()
        self.buffer = self.buffer[length:]
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return int(lines[0].split()[1]), headers, length

    def _more(self) -> None:
        assert self.socket is not None
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("closed by the server")
        self.buffer += chunk

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None


def request(
    path: str,
    cookies: str,
    *,
    form: str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return the bytes of a GET, or of a POST when there is a form."""
    lines = [
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {cookies}",
        "Accept-Language: en",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if form is not None:
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(form)}",
        ]
    return "\r\n".join([*lines, "", form or ""]).encode()


def run(port: int, messages: list[bytes], seconds: float, threads: int = 8) -> Load:
    """Ask for the messages in turn from several connections until time is up."""
    load, lock = Load(), threading.Lock()
    deadline = time.perf_counter() + seconds

    def work(offset: int) -> None:
        client, own = Client(port), Load()
        turn = offset
        while time.perf_counter() < deadline:
            started = time.perf_counter()
            status, headers, length = client.ask(messages[turn % len(messages)])
            own.latencies.append((time.perf_counter() - started) * 1000)
            own.requests += 1
            own.bad += status not in (200, 204, 302)
            own.body_bytes = max(own.body_bytes, length)
            own.timing = headers.get(b"server-timing", b"").decode()
            turn += threads
        client.close()
        with lock:
            load.requests += own.requests
            load.bad += own.bad
            load.latencies += own.latencies
            load.body_bytes = max(load.body_bytes, own.body_bytes)
            load.timing = own.timing

    started = time.perf_counter()
    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    load.seconds = time.perf_counter() - started
    return load
