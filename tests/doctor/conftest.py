"""An installation in good health, and the ways to make it ill."""

import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings as house
from django.core.management.utils import get_random_secret_key
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from config.doctor import examine
from organizations.audit.models import PlatformEntry
from organizations.tenancy import no_context, operator

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Postman(socketserver.StreamRequestHandler):
    """Says hello and good-bye, as a mail server does."""

    def handle(self):
        self.wfile.write(b"220 post\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 post\r\n")


@pytest.fixture
def post_office():
    """The port of a mail server on this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def run(statement, *values):
    """Run a statement as staff."""
    with no_context(), operator(None, "test"):
        with connections["operator"].cursor() as cursor:
            cursor.execute(statement, values)


def log(action, hours=0, **after):
    """Write an entry of the platform's log, some hours ago."""
    moment = timezone.now() - timedelta(hours=hours)
    with no_context(), operator(None, "test"):
        PlatformEntry.objects.create(action=action, created_at=moment, after=after)


def job(status, **values):
    """Put a job in the queue as it would be; return nothing."""
    columns = {"queue_name": "default", "task_name": "lab.none", "status": status}
    columns |= {"args": "{}", **values}
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(columns)
    run(f"INSERT INTO procrastinate_jobs ({names}) VALUES ({marks})", *columns.values())


def person(email, password):
    with no_context(), operator(None, "test"):
        return User.objects.create_user(email, password)


@contextmanager
def administrator():
    """Yield a cursor of the database's administrator; nothing of it stays."""
    name = connections["owner"].settings_dict["NAME"]
    with psycopg.connect(house.TENANCY["ADMIN_URL"], dbname=name) as session:
        with session.transaction(force_rollback=True):
            yield session.cursor()


@pytest.fixture
def world(settings, post_office, tmp_path):
    """A server as it should be: every finding after this is a test's own doing."""
    settings.HTTPS = True
    settings.ALLOWED_HOSTS = ["insula.example", "testserver"]
    settings.SECRET_KEY = get_random_secret_key() + "0123456789"
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post_office
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "Insula <hello@insula.example>"
    settings.MEDIA_ROOT = tmp_path
    run("DELETE FROM procrastinate_workers")
    run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    before = transaction.savepoint(using="operator")
    log("isolation.proven", 1)
    log("backup.made", 2)

    def forget():
        """Take back what was logged, for nothing else could."""
        transaction.savepoint_rollback(before, using="operator")

    return SimpleNamespace(settings=settings, folder=tmp_path, forget=forget)


@pytest.fixture
def codes():
    """Return the codes the doctor finds; those of the server's release left out."""

    def found():
        with no_context():
            return {finding.code for finding in examine()} - {"D311"}

    return found
