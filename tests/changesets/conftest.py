"""Change-sets of the cast's organizations."""

from typing import Any

import pytest

from organizations.tenancy import no_context, tenant
from tasks.changesets.models import ChangeSet, ChangeSetItem
from tests.tasks.conftest import Board, acme_board, globex_board

__all__ = ["acme_board", "globex_board"]


class Kept:
    """What an organization's change-sets say."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def all(self) -> list[ChangeSet]:
        with no_context(), self.board.inside():
            return list(ChangeSet.objects.order_by("created_at", "id"))

    def last(self) -> ChangeSet:
        return self.all()[-1]

    def items(self, change_set: ChangeSet) -> list[ChangeSetItem]:
        with no_context(), tenant(self.board.organization):
            rows = ChangeSetItem.objects.filter(change_set=change_set)
            return list(rows.order_by("task_id"))


@pytest.fixture
def kept(acme_board: Board) -> Any:
    return Kept(acme_board)
