"""Change-sets end a day after the last moment at which they could be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.tenancy import identity, no_context, tenant
from tasks.changesets import ending, jobs
from tasks.changesets.flows import keep_created
from tasks.changesets.models import ChangeSet, ChangeSetItem
from tasks.changesets.statements import organization_with_old_changes
from tests.tasks.conftest import Board


@pytest.fixture
def changed(acme_board, cast):
    """Keep tasks as a change-set of some age."""

    def make(count=1, board=acme_board, **since):
        tasks = board.add_many(count)
        with no_context(), board.inside():
            made = keep_created(tasks, by=board.owner, label="yard.csv")
            moment = timezone.now() - timedelta(**since)
            ChangeSet.objects.filter(pk=made.pk).update(created_at=moment)
        return made

    return make


def left(board):
    with no_context(), board.inside():
        return ChangeSet.objects.count(), ChangeSetItem.objects.count()


def purge():
    with no_context(), identity():
        ending.purge()


@pytest.mark.parametrize(
    ("since", "there"),
    [({"days": 30, "hours": 23}, (1, 3)), ({"days": 31, "minutes": 1}, (0, 0))],
)
def test_changes_go_after_thirty_one_days(changed, acme_board, since, there):
    changed(3, **since)
    purge()
    assert left(acme_board) == there
    assert len(acme_board.all()) == 3


def test_the_nightly_job_ends_those_of_every_organization(
    changed, acme_board, globex_board
):
    changed(days=40)
    changed(board=globex_board, days=40)
    newer = changed(days=1)
    with no_context(), identity():
        jobs.purge_trash(timestamp=0)
    assert (left(acme_board), left(globex_board)) == ((1, 1), (0, 0))
    with no_context(), acme_board.inside():
        assert ChangeSet.objects.get().pk == newer.pk


def test_a_large_one_goes_piece_by_piece(changed, acme_board, monkeypatch):
    monkeypatch.setattr(ending, "ITEMS", 2)
    monkeypatch.setattr(ending, "SETS", 1)
    changed(5, days=40)
    changed(2, days=40)
    purge()
    assert left(acme_board) == (0, 0)


def test_history_keeps_what_was_done(as_bob, acme_board, cast):
    task = acme_board.add()
    as_bob.post(f"/tasks/{task.pk}/delete/")
    with no_context(), acme_board.inside():
        before = AuditEntry.objects.count()
        old = timezone.now() - timedelta(days=40)
        ChangeSet.objects.update(created_at=old)
    purge()
    assert left(acme_board) == (0, 0)
    assert acme_board.history(task, "task.removed")
    with no_context(), acme_board.inside():
        assert AuditEntry.objects.count() == before
    assert "Order the winter tyres" in as_bob.get("/tasks/trash/").text


def test_the_page_of_an_ended_change_is_missing(as_bob, changed):
    made = changed(days=40)
    address = f"/tasks/changes/{made.pk}/"
    assert as_bob.get(address).status_code == 200
    purge()
    assert as_bob.get(address).status_code == 404
    assert as_bob.post(f"{address}undo/").status_code == 404


def test_who_keeps_old_changes_is_told_only_by_its_id(changed, cast):
    with no_context(), identity():
        assert organization_with_old_changes() is None
    changed(days=40)
    with no_context(), tenant(cast.globex, cast.charlie):
        assert organization_with_old_changes() == cast.acme.pk
        assert ChangeSet.objects.count() == 0


@pytest.mark.parametrize("count", [1, 40])
def test_many_items_take_as_many_statements_as_one(
    cast, changed, count, django_assert_max_num_queries
):
    changed(count, days=40)
    with (
        no_context(),
        tenant(cast.acme),
        django_assert_max_num_queries(6),
    ):
        assert ending.purge_some()
    assert left(Board(cast.acme, cast.alice)) == (1, 0)
