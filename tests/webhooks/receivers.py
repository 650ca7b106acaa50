"""Programs that webhooks are sent to, on this machine: good ones, slow ones, bad ones."""

import gzip
import json
import socket
import socketserver
import struct
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

RESET = struct.pack("ii", 1, 0)
MEGABYTE = b"x" * 1_000_000


class Receiver:
    """Notes what it is sent, and answers as it was told to: the last answer stays."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/hooks"
        self.requests = []
        self.answers = [(200, {}, b"taken")]

    def answer(self, *statuses, headers=None, body=b"answered"):
        self.answers = [(status, headers or {}, body) for status in statuses]

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def ids(self):
        return [each.headers["webhook-id"] for each in self.requests]

    @property
    def types(self):
        return [each.json["type"] for each in self.requests]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.receiver.requests.append(
            SimpleNamespace(
                at=datetime.now(UTC),
                headers=headers,
                body=body,
                json=json.loads(body),
                path=self.path,
            )
        )
        status, extra, text = self.server.receiver.next_answer()
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Say nothing."""


class Quiet:
    daemon_threads = True
    # Whoever hangs up is what these tests are about.
    block_on_close = False

    def handle_error(self, request, client_address):
        """Say nothing."""


class HttpServer(Quiet, ThreadingHTTPServer):
    """A receiver's server."""


class RawServer(Quiet, socketserver.ThreadingTCPServer):
    """A server that speaks as it likes."""


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def receiving():
    """Run a receiver that answers 200 until it is told otherwise."""
    with running(HttpServer(("127.0.0.1", 0), Handler)) as server:
        server.receiver = Receiver(server.server_address[1])
        yield server.receiver


@contextmanager
def behaving(behave):
    """Run a server that does something to each connection, once the head was read."""

    class Bad(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(65_536)
            behave(self.request, server.over)

    server = RawServer(("127.0.0.1", 0), Bad)
    server.over = threading.Event()
    with running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks"
        server.over.set()


def drip(connection, over):
    """Answer a byte now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b".")


def drip_head(connection, over):
    """Never come to the end of the head."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    while not over.wait(0.05):
        connection.sendall(b".")


def flood(connection, over):
    """Send a hundred megabytes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
    for _each in range(100):
        connection.sendall(MEGABYTE)


def flood_head(connection, over):
    """Send headers without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        connection.sendall(b"x-%d: %s\r\n" % (number, b"y" * 1000))


def reset(connection, over):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def nonsense(connection, over):
    connection.sendall(b"\x00\x01 this is no HTTP \xff\r\n\r\n")


def half(connection, over):
    """Promise more than is sent."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort")


def silent(connection, over):
    """Take the call and never answer."""
    over.wait(30)


def elsewhere(connection, over):
    """Lead to where nobody must be led."""
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/\r\n"
        b"content-length: 0\r\n\r\n"
    )


def bomb(connection, over):
    """Send a small body that would unpack to a large one."""
    packed = gzip.compress(b"0" * 50_000_000)
    connection.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n"
        % len(packed)
    )
    connection.sendall(packed)


def seconds(since):
    return time.monotonic() - since
