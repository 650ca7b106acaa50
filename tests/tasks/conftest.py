"""Tasks of the cast's organizations."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tasks import people
from tasks.comments.flows import write_comment
from tasks.flows import create_task, create_tasks
from tasks.models import Task, TaskAssignee


@pytest.fixture(autouse=True)
def _names_forgotten() -> Iterator[None]:
    people.forget()
    yield
    people.forget()


class Board:
    """An organization's tasks, as its owner makes them and the tests look at them."""

    def __init__(self, organization: Any, owner: Any) -> None:
        self.organization, self.owner = organization, owner

    def inside(self) -> Any:
        return tenant(self.organization, self.owner)

    def add(self, title: str = "Order the winter tyres", **values: Any) -> Task:
        with no_context(), self.inside():
            return create_task(by=self.owner, title=title, **values)

    def add_many(self, count: int, **values: Any) -> list[Task]:
        drafts = [{"title": f"Task {number}", **values} for number in range(count)]
        with no_context(), self.inside():
            return create_tasks(by=self.owner, drafts=drafts)

    def now(self, task: Task) -> Task:
        with no_context(), self.inside():
            return Task.with_trash.get(pk=task.pk)

    def all(self) -> list[Task]:
        with no_context(), self.inside():
            return list(Task.objects.order_by("number"))

    def doers(self, task: Task) -> set[Any]:
        with no_context(), self.inside():
            rows = TaskAssignee.objects.filter(task_id=task.pk)
            return set(rows.values_list("user_id", flat=True))

    def history(self, task: Task, action: str = "") -> list[AuditEntry]:
        with no_context(), self.inside():
            entries = AuditEntry.objects.filter(
                target_type="tasks.task", target_id=str(task.pk)
            ).order_by("created_at", "id")
            return [each for each in entries if action in ("", each.action)]


@pytest.fixture
def acme_board(cast: Any) -> Board:
    return Board(cast.acme, cast.alice)


@pytest.fixture
def globex_board(cast: Any) -> Board:
    return Board(cast.globex, cast.charlie)


@pytest.fixture
def quick_look() -> Callable[[Any], str]:
    """Return the text of an answer, which must be a good one."""

    def text(response: Any) -> str:
        assert response.status_code == 200
        return response.content.decode()

    return text


@pytest.fixture
def say() -> Callable[..., Any]:
    """Say something about a task."""

    def said(board: Board, task: Task, body: str) -> Any:
        with no_context(), board.inside():
            return write_comment(
                task=task, by=board.owner, body=body, sent_as=uuid.uuid4()
            )[0]

    return said
