"""Files of a task of Acme, and what is kept of them."""

from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.limits.models import Key, Usage
from organizations.models import files_of
from organizations.tenancy import no_context
from tasks.attachments.flows import attach
from tasks.attachments.models import Attachment
from tests.pictures.conftest import shelf  # noqa: F401
from tests.tasks.conftest import (  # noqa: F401
    Board,
    _names_forgotten,
    acme_board,
    globex_board,
)

HTMX = {"HTTP_HX_REQUEST": "true"}


def upload(name: str = "plan.txt", data: bytes = b"Dig here.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/html")


def uploads(*files: SimpleUploadedFile) -> dict[str, Any]:
    return {"uploads": list(files) or [upload()]}


class Failing(InMemoryStorage):
    """A disk that is full after the first file."""

    kept = 0

    def _save(self, name: str, content: Any) -> str:
        self.kept += 1
        if self.kept > 1:
            raise OSError("no space left on device")
        return super()._save(name, content)


class Folder:
    """A task's files, as people send them and the tests look at them."""

    def __init__(self, board: Board, task: Any) -> None:
        self.board, self.task = board, task
        self.page = f"/tasks/{task.pk}/"
        self.new = f"{self.page}files/new/"
        self.place = f"{files_of(task.organization_id)}/attachments"

    def add(self, name: str = "plan.txt", data: bytes = b"Dig here.") -> Attachment:
        with no_context(), self.board.inside():
            sent = [upload(name, data)]
            return attach(task=self.task, by=self.board.owner, uploads=sent)[0]

    def all(self) -> list[Attachment]:
        with no_context(), self.board.inside():
            return list(Attachment.objects.order_by("pk"))

    def names(self) -> list[str]:
        return [one.name for one in self.all()]

    def used(self) -> int:
        with no_context(), self.board.inside():
            row = Usage.objects.filter(key=Key.STORAGE).first()
            return row.used if row else 0

    def stored(self) -> list[str]:
        """Return what lies in the organization's folder."""
        if not default_storage.exists(self.place):
            return []
        return sorted(default_storage.listdir(self.place)[1])

    def actions(self) -> list[str]:
        return [entry.action for entry in self.board.history(self.task)][1:]


@pytest.fixture
def folder(acme_board: Any) -> Folder:
    return Folder(acme_board, acme_board.add("Order the winter tyres"))


def address(file: Attachment, verb: str = "") -> str:
    return f"/tasks/files/{file.pk}/{verb}"
