"""Web servers of both contenders, started alike and ended by their process id."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def serve(
    application: str, port: int, extra: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run one gunicorn process of four threads; yield the master's process id."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", application),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "4"),
            *("--bind", f"127.0.0.1:{port}", "--keep-alive", "30"),
            *("--log-level", "error"),
        ],
        env=os.environ | dict(extra or {}),
        stderr=subprocess.DEVNULL if not os.environ.get("BENCH_DEBUG") else None,
    )
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit(f"the server on port {port} ended at once")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"no answer on port {port}")
