"""Gunicorn as the development server runs it; a real server sets its own options."""

from typing import Any

from config.devdb.paths import CHECKOUT
from config.devserver.lifeline import end_with_parent

wsgi_app = "config.wsgi"
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 5
loglevel = "error"
control_socket_disable = True
reload = True
reload_extra_files = [str(path) for path in (CHECKOUT / "templates").rglob("*.*")]


def on_starting(server: Any) -> None:
    end_with_parent()
