"""Talk about a task of Acme, and what is kept of it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from organizations.tenancy import no_context, tenant
from tasks.comments import flows
from tasks.comments.models import Comment, Mention, TaskWatcher
from tasks.comments.watching import watchers
from tests.personal.conftest import bob, copy_of  # noqa: F401
from tests.tasks.conftest import (  # noqa: F401
    Board,
    _names_forgotten,
    acme_board,
    globex_board,
)

HTMX = {"HTTP_HX_REQUEST": "true"}


class Talk:
    """A task's comments, as people write them and the tests look at them."""

    def __init__(self, board: Board, task: Any) -> None:
        self.board, self.task = board, task
        self.page = f"/tasks/{task.pk}/"
        self.new = f"{self.page}comments/new/"

    def inside(self) -> Any:
        return self.board.inside()

    def say(self, body: str, by: Any = None) -> Comment:
        with no_context(), self.inside():
            return flows.write_comment(
                task=self.task,
                by=by or self.board.owner,
                body=body,
                sent_as=uuid.uuid4(),
            )[0]

    def all(self) -> list[Comment]:
        with no_context(), self.inside():
            return list(Comment.objects.order_by("pk"))

    def bodies(self) -> list[str]:
        return [one.body for one in self.all()]

    def now(self, comment: Comment) -> Comment:
        with no_context(), self.inside():
            return Comment.with_trash.get(pk=comment.pk)

    def count(self) -> int:
        return self.board.now(self.task).comment_count

    def mentioned(self) -> set[Any]:
        with no_context(), self.inside():
            return set(Mention.objects.values_list("user_id", flat=True))

    def watchers(self) -> set[str]:
        with no_context(), self.inside():
            return {person.first_name for person in watchers(self.task)}

    def rows(self) -> int:
        with no_context(), self.inside():
            return TaskWatcher.objects.count()

    def actions(self) -> list[str]:
        return [entry.action for entry in self.board.history(self.task)][1:]


@pytest.fixture
def talk(acme_board: Any) -> Talk:
    return Talk(acme_board, acme_board.add("Order the winter tyres"))


@pytest.fixture
def of_charlie(globex_board: Any) -> Talk:
    return Talk(globex_board, globex_board.add("Theirs"))


@pytest.fixture
def where() -> Callable[[Comment, str], str]:
    """Return the address of what can be done to a comment."""
    return where_is


def where_is(comment: Comment, verb: str = "") -> str:
    return f"/tasks/comments/{comment.pk}/{verb}"


@pytest.fixture
def inside_acme(cast: Any) -> Callable[[], Any]:
    return lambda: tenant(cast.acme, cast.alice)
