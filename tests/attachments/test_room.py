"""The room that files take: the plan's limit, races, and the end of what was removed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone

from organizations import flows
from organizations.limits.models import Key, Usage
from organizations.models import Organization
from organizations.tenancy import identity, no_context, tenant
from tasks.attachments.flows import attach
from tasks.attachments.models import Attachment
from tasks.attachments.purging import purge
from tasks.changesets import trash
from tasks.models import Task
from tasks.signals import purging
from tests.attachments.conftest import Folder, address, upload, uploads
from tests.pictures.conftest import picture
from tests.tasks.conftest import Board


def allow(organization, size):
    with no_context(), tenant(organization):
        Organization.objects.filter(pk=organization.pk).update(
            limits={"storage_bytes": size}
        )


def test_the_plan_decides_how_much_is_kept(as_bob, cast, folder):
    allow(cast.acme, 20)
    assert as_bob.post(folder.new, uploads(upload("1.txt"))).status_code == 302
    sent = uploads(upload("2.txt"), upload("3.txt"))
    answer = as_bob.post(folder.new, sent)
    assert answer.status_code == 422
    assert "There is no room for this file" in answer.text
    assert (folder.names(), folder.used(), len(folder.stored())) == (["1.txt"], 9, 1)
    assert as_bob.post(folder.new, uploads(upload("2.txt"))).status_code == 302
    assert folder.used() == 18


def test_files_that_could_not_be_recorded_are_not_kept(as_bob, folder):
    as_bob.raise_request_exception = False

    def refuse(execute, sql, params, many, context):
        if 'INSERT INTO "audit_' in sql:
            raise RuntimeError("no entry can be written")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        answer = as_bob.post(folder.new, uploads())
    assert answer.status_code == 500
    assert (folder.names(), folder.stored(), folder.used()) == ([], [], 0)


def long_ago(file, days=31):
    Attachment.with_trash.filter(pk=file.pk).update(
        deleted_at=timezone.now() - timedelta(days=days)
    )


def test_after_thirty_days_row_bytes_and_files_go(
    as_bob, folder, run_jobs, django_capture_on_commit_callbacks
):
    file = folder.add("step.png", picture())
    as_bob.post(address(file, "delete/"))
    assert folder.used() > 0
    assert len(folder.stored()) == 2
    with no_context(), folder.board.inside():
        long_ago(file)
    with django_capture_on_commit_callbacks(execute=True):
        assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert (folder.stored(), folder.used()) == ([], 0)
    assert folder.actions()[-1] == "attachment.purged"
    with no_context(), folder.board.inside():
        assert not Attachment.with_trash.exists()


def test_the_job_waits_its_time(as_bob, folder, run_jobs):
    file = folder.add()
    as_bob.post(address(file, "delete/"))
    assert run_jobs() == ["todo"]
    assert run_jobs(waiting=True) == ["succeeded"]
    assert len(folder.stored()) == 1


def test_what_was_brought_back_or_removed_again_stays(as_bob, folder):
    file = folder.add()
    with no_context(), folder.board.inside():
        assert not purge(str(file.pk))
        long_ago(file, days=29)
        assert not purge(str(file.pk))
    assert (folder.used(), len(folder.stored())) == (9, 1)


def test_removed_twice_it_goes_thirty_days_after_the_second_time(
    as_bob, folder, run_jobs
):
    file = folder.add()
    for verb in ("delete/", "restore/", "delete/"):
        as_bob.post(address(file, verb))
    with no_context(), folder.board.inside():
        long_ago(file, days=20)
    assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert (folder.used(), len(folder.stored())) == (9, 1)


def test_nobody_ends_a_file_of_another_organization(as_bob, cast, folder):
    file = folder.add()
    as_bob.post(address(file, "delete/"))
    with no_context(), folder.board.inside():
        long_ago(file)
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not purge(str(file.pk))
        purging.send(sender=Task, tasks=[folder.task.pk])
    assert (folder.used(), len(folder.stored())) == (9, 1)


def test_who_removed_a_file_and_left_does_not_keep_it(
    as_bob, cast, folder, run_jobs, django_capture_on_commit_callbacks
):
    file = folder.add()
    as_bob.post(address(file, "delete/"))
    with no_context(), folder.board.inside():
        long_ago(file)
        member = cast.acme.memberships.get(user=cast.bob)
        flows.remove_member(membership=member, by=cast.alice)
    with django_capture_on_commit_callbacks(execute=True):
        assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert folder.stored() == []


def test_the_audit_log_tells_of_every_file(as_alice, as_bob, folder):
    as_bob.post(folder.new, uploads(upload("1.txt"), upload("2.txt")))
    page = as_alice.get(f"/audit/?object={folder.task.pk}").text
    assert page.count("attachment.added") >= 2
    for words in ("1.txt", "2.txt"):
        assert words in page


def test_tasks_that_go_for_good_take_their_files_along(
    folder, django_capture_on_commit_callbacks
):
    kept, removed = folder.add("1.txt"), folder.add("2.txt")
    other = Folder(folder.board, folder.board.add("Another"))
    other.add("3.txt")
    with (
        no_context(),
        folder.board.inside(),
        django_capture_on_commit_callbacks(execute=True),
    ):
        Attachment.objects.filter(pk=removed.pk).remove()
        purging.send(sender=Task, tasks=[folder.task.pk])
        Task.with_trash.filter(pk=folder.task.pk).delete()
    assert folder.names() == ["3.txt"]
    assert (folder.used(), len(folder.stored())) == (9, 1)
    assert not default_storage.exists(kept.path)


def test_the_trash_of_tasks_takes_its_files_along(
    as_alice, folder, django_capture_on_commit_callbacks
):
    folder.add("step.png", picture())
    as_alice.post(f"{folder.page}delete/")
    with no_context(), folder.board.inside():
        due = timezone.now() - timedelta(days=31)
        Task.with_trash.filter(pk=folder.task.pk).update(deleted_at=due)
    with django_capture_on_commit_callbacks(execute=True), no_context(), identity():
        trash.purge()
    assert (folder.all(), folder.stored(), folder.used()) == ([], [], 0)


def test_a_storage_that_fails_half_way_leaves_nothing(as_bob, folder, settings):
    as_bob.raise_request_exception = False
    place = {"BACKEND": "tests.attachments.conftest.Failing"}
    settings.STORAGES = settings.STORAGES | {"default": place}
    sent = uploads(upload("1.txt"), upload("2.txt"), upload("3.txt"))
    assert as_bob.post(folder.new, sent).status_code == 500
    assert (folder.names(), folder.stored(), folder.used()) == ([], [], 0)
    assert folder.actions() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [9, 20])
def test_uploads_at_once_never_pass_the_limit_together(cast, limit):
    folder = Folder(Board(cast.acme, cast.alice), task_of(cast))
    allow(cast.acme, limit)

    def send(number):
        try:
            with no_context(), tenant(cast.acme, cast.alice):
                attach(
                    task=folder.task,
                    by=cast.alice,
                    uploads=[upload(f"{number}.txt")],
                )
        except Exception as problem:
            return type(problem).__name__
        finally:
            connections.close_all()
        return "kept"

    with ThreadPoolExecutor(5) as pool:
        ended = sorted(pool.map(send, range(5)))
    room = limit // 9
    assert ended == ["LimitReached"] * (5 - room) + ["kept"] * room
    assert len(folder.all()) == len(folder.stored()) == room
    with no_context(), tenant(cast.acme):
        assert Usage.objects.get(key=Key.STORAGE).used == 9 * room


@pytest.mark.django_db(transaction=True)
def test_files_at_once_never_pass_the_number_together(cast, settings):
    settings.ATTACHMENTS_MOST = 2
    folder = Folder(Board(cast.acme, cast.alice), task_of(cast))

    def send(number):
        try:
            folder.add(f"{number}.txt")
        except Exception as problem:
            return type(problem).__name__
        finally:
            connections.close_all()
        return "kept"

    with ThreadPoolExecutor(4) as pool:
        ended = sorted(pool.map(send, range(4)))
    assert ended == ["TooMany", "TooMany", "kept", "kept"]
    assert len(folder.stored()) == 2


def task_of(cast):
    return Board(cast.acme, cast.alice).add("Order the winter tyres")
