"""One development server per checkout, on a port nobody else has."""

import errno
import os
import socket
import time
from pathlib import Path

from config.devdb import locks

# Children of a killed server leave its port within this time.
PATIENCE = 15.0


class StartError(Exception):
    """Another server is in the way, said in one sentence."""


class Instance:
    """The lock that makes this process the checkout's only server."""

    def __init__(self, mark: Path, host: str, port: int) -> None:
        self.address = f"http://{host}:{port}"
        self.handle = locks.try_exclusive(mark)
        if self.handle is None:
            running = mark.read_text(encoding="utf-8")
            raise StartError(f"Insula is already running from this checkout: {running}")
        # What a clean end erases is still there after a kill.
        patience = PATIENCE if os.fstat(self.handle).st_size else 0
        self.listener = _bind(host, port, time.monotonic() + patience)
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, self.address.encode(), 0)

    def end(self) -> None:
        """Give the port and the lock back."""
        self.listener.close()
        if self.handle is not None:
            os.ftruncate(self.handle, 0)
            os.close(self.handle)


def _bind(host: str, port: int, deadline: float) -> socket.socket:
    while True:
        try:
            return socket.create_server((host, port), backlog=256)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise StartError(
                    f"Cannot listen on {host}:{port}: {error.strerror}."
                ) from error
        if time.monotonic() > deadline:
            raise StartError(
                f"Port {port} is in use: choose another, for example "
                f"`make run PORT={port + 1}`."
            )
        time.sleep(0.2)
