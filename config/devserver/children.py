"""A child process that is started again whenever it ends."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from config.devdb.paths import CHECKOUT

# A child that lived this long was well; shorter lives are retried more slowly.
HEALTHY = 10.0
SLOWEST_RETRY = 5.0


class Child:
    """One command of the development server and its present process."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        handles: Sequence[int],
    ) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.handles = handles
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.wait = 0.0
        self.is_asked_to_restart = False

    def start(self) -> None:
        self.is_asked_to_restart = False
        self.started = time.monotonic()
        # A group of its own: Ctrl-C reaches only us, and nothing of it can be missed.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=CHECKOUT,
            env={**os.environ, **self.environment},
            pass_fds=self.handles,
            start_new_session=True,
        )

    def start_in(self, seconds: float) -> None:
        """Let the next tending after so many seconds start the process."""
        self.started, self.wait = time.monotonic(), seconds

    def tend(self) -> str:
        """Start the process again if it ended, and return what there is to tell."""
        if self.process is None:
            if time.monotonic() - self.started >= self.wait:
                self.start()
            return ""
        status = self.process.poll()
        if status is None:
            return ""
        self._signal_group(signal.SIGTERM)
        self.process = None
        if self.is_asked_to_restart:
            self.wait = 0.0
            return ""
        lived = time.monotonic() - self.started
        self.wait = 0.0 if lived > HEALTHY else min(self.wait * 2 + 0.5, SLOWEST_RETRY)
        return f"{self.name} ended ({_reason(status)}) and is started again."

    def restart(self) -> None:
        if self.process:
            self.is_asked_to_restart = True
            self.process.terminate()

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait for the end until the deadline, then kill what is left of the group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal_group(self, number: int) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def _reason(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"
