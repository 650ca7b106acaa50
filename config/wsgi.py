"""The entry for WSGI servers: `gunicorn config.wsgi`."""

import os
import sys
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from config.env import WrongSetting
from organizations.tenancy import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """A request whose unreadable Content-Type becomes a 400 instead of a crash.

    Django parses the header before any middleware runs, where an unknown charset of a
    parameter would end in the server's own 500.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except ValueError:
            super().__init__({**environ, "CONTENT_TYPE": ""})
            self.is_malformed = True


class Handler(WSGIHandler):
    """Django's handler with our request."""

    request_class = Request


try:
    django.setup(set_prefix=False)
except WrongSetting as wrong:
    sys.stderr.write(f"{wrong}\n")
    sys.exit(startup.BOOT_ERROR)
startup.guard()
application = Handler()
