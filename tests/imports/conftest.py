"""Files that become tasks, and what has become of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tasks.imports.models import Import
from tests.tasks.conftest import acme_board, globex_board  # noqa: F401

NEW = "/tasks/import/new/"
PLAIN = "Title,Status,Assignee\nOrder tyres,To do,bob@example.com\n"
KEPT = {"people": "refuse", "status": "refuse", "days": "day"}


def file(content, name="tasks.csv"):
    data = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, data, content_type="text/csv")


@pytest.fixture
def kept(cast):
    """Return an import as it is now, by default the newest of Acme."""

    def read(home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return Import.objects.select_related("made_by").order_by("-id").first()

    return read


@pytest.fixture
def entries(cast):
    """Return what was recorded of imports in Acme, the oldest first."""

    def read():
        with no_context(), tenant(cast.acme):
            rows = AuditEntry.objects.filter(action__startswith="import.")
            return list(rows.order_by("sequence"))

    return read


@pytest.fixture
def try_again(run_jobs):
    """Return a call that works off what waits for another try, and nothing else."""

    def run():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE attempts > 0"
            )
        return run_jobs()

    return run


class Journey:
    """The four steps, as one person takes them."""

    def __init__(self, client, kept):
        self.client, self.kept = client, kept

    def upload(self, content, name="tasks.csv"):
        return self.client.post(NEW, {"file": file(content, name)})

    def at(self, step=""):
        return f"/tasks/import/{self.kept().pk}/{step}"

    def map(self, *fields, **chosen):
        """Say what the columns are; without a word, as they were guessed."""
        if not fields:
            page = self.client.get(self.at("columns/"))
            fields = [field.value() for field in page.context["form"].columns()]
        columns = {f"column_{place}": name for place, name in enumerate(fields)}
        return self.client.post(self.at("columns/"), KEPT | columns | chosen)

    def start(self):
        return self.client.post(self.at("start/"))

    def cancel(self):
        return self.client.post(self.at("cancel/"))

    def page(self):
        return self.client.get(self.at()).text


@pytest.fixture
def journey(as_bob, kept):
    return Journey(as_bob, kept)


@pytest.fixture
def whole(journey, run_jobs):
    """Take a file through all the steps and return the import."""

    def go(content, *fields, **chosen):
        assert journey.upload(content).status_code == 302
        assert journey.map(*fields, **chosen).status_code == 302
        run_jobs()
        assert journey.start().status_code == 302
        run_jobs()
        return journey.kept()

    return go
