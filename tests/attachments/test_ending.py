"""How removed files end: in time, in their organization, and after a failure."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations import flows as organization_flows
from organizations.models import RESTORABLE
from organizations.tenancy import no_context, tenant
from tasks.attachments import flows
from tasks.attachments.models import Attachment
from tasks.attachments.purging import purge
from tests.attachments.conftest import Folder, address, upload, uploads
from tests.personal.conftest import bob, copy_of, part  # noqa: F401
from tests.pictures.conftest import picture


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Do what follows a commit, which a test's transaction never sees."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def removed(folder, name="plan.txt", data=b"Dig here.", by=RESTORABLE):
    """Attach a file and put it in the trash, some time ago."""
    file = folder.add(name, data)
    with no_context(), folder.board.inside():
        flows.remove_attachment(attachment=file, by=folder.board.owner)
        rows = Attachment.with_trash.filter(pk=file.pk)
        rows.update(deleted_at=timezone.now() - by)
    return file


def there(folder):
    with no_context(), folder.board.inside():
        return Attachment.with_trash.filter(task=folder.task).count()


def test_the_job_is_due_in_thirty_days_and_carries_ids_only(as_bob, cast, folder):
    file = folder.add("secret plan.txt")
    asked = timezone.now()
    as_bob.post(address(file, "delete/"))
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="purge_attachment")
    assert asked <= job.scheduled_at - RESTORABLE <= timezone.now()
    assert job.args["attachment_id"] == str(file.pk)
    carried = job.args["carried"]
    assert carried["organization"] == str(cast.acme.pk)
    assert carried["user"] == str(cast.bob.pk)
    assert "secret plan" not in json.dumps(job.args)


@pytest.mark.parametrize(("more", "gone"), [(-60, False), (0, True), (60, True)])
def test_thirty_days_are_thirty_days(folder, run_jobs, committing, more, gone):
    removed(folder, by=RESTORABLE + timedelta(seconds=more))
    with committing():
        assert run_jobs(waiting=True) == ["succeeded"]
    assert there(folder) == len(folder.stored()) == int(not gone)
    assert folder.used() == (0 if gone else 9)
    assert folder.actions().count("attachment.purged") == int(gone)


def test_what_is_left_of_a_deleted_file_is_that_it_was(as_adam, cast, folder, run_jobs):
    file = folder.add()
    as_adam.post(address(file, "delete/"))
    with no_context(), folder.board.inside():
        Attachment.with_trash.update(deleted_at=timezone.now() - RESTORABLE)
    run_jobs(waiting=True)
    [entry] = folder.board.history(folder.task, "attachment.purged")
    known = {"attachment": str(file.pk), "name": "plan.txt", "size": 9}
    assert (entry.before, entry.after) == (known, {})
    assert entry.actor_id == cast.adam.pk
    for verb in ("delete/", "restore/"):
        assert as_adam.post(address(file, verb)).status_code == 404
    page = as_adam.get(folder.page).text
    assert "removed the file plan.txt" in page
    assert "attachment.purged" not in page


def test_a_file_removed_again_waits_for_its_second_time(as_bob, folder, run_jobs):
    file = removed(folder)
    as_bob.post(address(file, "restore/"))
    as_bob.post(address(file, "delete/"))
    assert run_jobs(waiting=True) == ["succeeded", "succeeded"]
    assert (there(folder), folder.used()) == (1, 9)
    as_bob.post(address(file, "restore/"))
    assert as_bob.get(address(file)).content == b"Dig here."


def test_two_jobs_of_one_file_give_its_room_back_once(
    as_bob, folder, run_jobs, committing
):
    folder.add("kept.txt", b"12345")
    file = removed(folder)
    as_bob.post(address(file, "restore/"))
    as_bob.post(address(file, "delete/"))
    with no_context(), folder.board.inside():
        rows = Attachment.with_trash.filter(pk=file.pk)
        rows.update(deleted_at=timezone.now() - RESTORABLE)
    with committing():
        assert run_jobs(waiting=True) == ["succeeded", "succeeded"]
    assert (folder.used(), folder.names()) == (5, ["kept.txt"])
    assert folder.actions().count("attachment.purged") == 1


@pytest.mark.parametrize(
    "statement",
    ['DELETE FROM "attachments_', "SELECT app.count_usage", 'INSERT INTO "audit_'],
)
def test_a_job_that_fails_anywhere_leaves_all_and_is_tried_again(
    folder, run_jobs, committing, statement
):
    removed(folder, "step.png", picture())
    before = (folder.used(), folder.stored(), folder.actions())

    def refuse(execute, sql, params, many, context):
        if statement in sql:
            raise OSError("the line is cut")
        return execute(sql, params, many, context)

    with committing(), connection.execute_wrapper(refuse):
        assert run_jobs(waiting=True) == ["todo"]
    assert (folder.used(), folder.stored(), folder.actions()) == before
    with committing():
        assert run_jobs(waiting=True) == ["succeeded"]
    assert (there(folder), folder.used(), folder.stored()) == (0, 0, [])
    assert folder.actions().count("attachment.purged") == 1


def test_a_deletion_that_is_not_kept_leaves_the_stored_file(folder, committing):
    file = removed(folder)
    with committing(), no_context(), folder.board.inside(), transaction.atomic():
        assert purge(str(file.pk))
        transaction.set_rollback(True)
    assert (there(folder), folder.used(), len(folder.stored())) == (1, 9, 1)


def test_a_stored_file_that_is_lost_is_no_hindrance(folder, run_jobs, committing):
    file = removed(folder, "step.png", picture())
    default_storage.delete(file.path)
    with committing():
        assert run_jobs(waiting=True) == ["succeeded"]
    assert (there(folder), folder.used(), folder.stored()) == (0, 0, [])


def test_the_job_reaches_its_own_organization_only(
    cast, folder, globex_board, run_jobs, committing
):
    theirs = Folder(globex_board, globex_board.add("Theirs"))
    ours = removed(folder)
    removed(theirs, "theirs.txt", b"1234")
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not purge(str(ours.pk))
    assert (folder.used(), theirs.used()) == (9, 4)
    [job] = ProcrastinateJob.objects.filter(args__attachment_id=str(ours.pk))
    assert job.args["carried"]["organization"] == str(cast.acme.pk)
    with committing():
        assert run_jobs(waiting=True) == ["succeeded", "succeeded"]
    assert (folder.used(), theirs.used()) == (0, 0)
    for each in (folder, theirs):
        assert (there(each), each.stored()) == (0, [])
        assert each.actions().count("attachment.purged") == 1


def test_the_file_of_a_task_in_the_trash_ends_in_its_time(
    as_alice, folder, run_jobs, committing
):
    removed(folder)
    as_alice.post(f"{folder.page}delete/")
    with committing():
        assert set(run_jobs(waiting=True)) == {"succeeded"}
    assert (there(folder), folder.used(), folder.stored()) == (0, 0, [])


def test_who_removed_a_file_and_left_does_not_hold_up_its_end(
    as_bob, cast, folder, run_jobs, committing
):
    file = folder.add()
    as_bob.post(address(file, "delete/"))
    with no_context(), folder.board.inside():
        member = cast.acme.memberships.get(user=cast.bob)
        organization_flows.remove_member(membership=member, by=cast.alice)
        Attachment.with_trash.update(deleted_at=timezone.now() - RESTORABLE)
    with committing():
        run_jobs(waiting=True)
    assert (there(folder), folder.used(), folder.stored()) == (0, 0, [])
    assert folder.actions()[-1] == "attachment.purged"


def test_the_files_of_who_left_stay_with_the_task(as_bob, as_vera, cast, folder):
    as_bob.post(folder.new, uploads())
    with no_context(), folder.board.inside():
        member = cast.acme.memberships.get(user=cast.bob)
        organization_flows.remove_member(membership=member, by=cast.alice)
    [file] = folder.all()
    assert as_vera.get(address(file)).content == b"Dig here."
    assert as_bob.get(address(file))["Location"] == "/organizations/"
    assert folder.used() == 9


def test_a_copy_holds_what_one_attached_the_trash_included(
    bob,
    cast,
    folder,
    copy_of,
    run_jobs,
):
    folder.add("hers.txt")
    bob.post(folder.new, uploads(upload("kept.txt"), upload("gone.txt", b"1")))
    gone = next(one for one in folder.all() if one.name == "gone.txt")
    bob.post(address(gone, "delete/"))
    run_jobs(waiting=True)
    files = part(copy_of(bob), "organizations/acme/attachments.json")
    told = {one["name"]: one["deleted_at"] is not None for one in files}
    assert told == {"kept.txt": False, "gone.txt": True}
    assert {one["task_number"] for one in files} == {folder.task.number}
