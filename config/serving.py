"""Gunicorn on a server: `gunicorn --config python:config.serving`.

Web processes wait for the database, so each has a few threads. A reload (SIGHUP) starts
new processes with the new code before the old ones end; those finish what they have
begun, and tell waiting connections to come again.
"""

import os
from pathlib import Path
from typing import Any, Final

from prometheus_client import multiprocess

from config.logs import logging_config

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

wsgi_app = "config.wsgi"
bind = os.environ.get("BIND", f"0.0.0.0:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# A page's statements end after 15 seconds, an export is written while it is sent.
timeout = 60
graceful_timeout = 30
# Longer than the proxy keeps a connection it does not use, or both close it at once.
keepalive = 75
# What leaks in some library ends with its process.
max_requests = 20_000
max_requests_jitter = 5_000
# The code is read by each process, so that a reload brings the new one.
preload_app = False
# A request's line is written by us, with the ids of its organization and person.
accesslog = None
logconfig_dict = logging_config(pretty=False)
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Forget the figures of processes that ended with the machine or a former start."""
    folder = os.environ.get(FOLDER)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for path in Path(folder).glob("*.db"):
            path.unlink()


def child_exit(server: Any, worker: Any) -> None:
    """Stop counting what only a living process has."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(worker.pid)
