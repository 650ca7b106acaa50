"""An import while others work: what changes in between, who is faster, who dies."""

from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from organizations.archives import arriving, flows, jobs, landing, progress
from organizations.archives.arriving import Journey, Overtaken
from organizations.archives.models import Arrival, Export, Stage
from organizations.tenancy import no_context, tenant
from tests.archives.arriving import (
    LIST,
    NEW,
    add_task,
    arrivals,
    at,
    bring,
    change,
    confirm,
    recorded,
    sent,
    stored,
    taken_in,
    the_one,
    titles,
)
from tests.archives.conftest import exported, opened
from tests.personal.conftest import prove
from tests.support.conftest import CONSOLE, give_second_step, visit_page


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


@pytest.fixture
def compared(cast, alice, run_jobs):
    """An import that waits to be confirmed; a task was made since."""
    add_task(cast, "In the archive")
    data = exported(cast.acme)
    add_task(cast, "Made since")
    bring(alice, data)
    run_jobs()
    return the_one(cast.acme)


def queued(name):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name LIKE %s AND status = 'todo'",
            [f"%{name}"],
        )
        return cursor.fetchone()[0]


def enqueue_again(cast, job, arrival):
    with no_context(), tenant(cast.acme, cast.alice):
        flows.enqueue(job, arrival_id=str(arrival.pk))


def test_what_was_not_shown_is_not_taken_away(cast, alice, compared, run_jobs):
    add_task(cast, "Made after comparing")
    answer = confirm(alice, compared)
    assert answer["Location"] == at(compared)
    text = alice.get(at(compared)).text
    assert "The organization has changed since it was compared" in text
    assert the_one(cast.acme).stage == Stage.COMPARING
    run_jobs()
    again = the_one(cast.acme)
    assert again.stage == Stage.COMPARED
    assert again.found["tables"]["tasks_task"] == [0, 0, 2]
    assert titles(cast.acme) >= {"Made since", "Made after comparing"}
    confirm(alice, again)
    run_jobs()
    assert titles(cast.acme) == {"In the archive"}
    steps = [step for step, _by in recorded(cast.acme)]
    assert steps == ["uploaded", "compared", "uploaded", "compared", "confirmed"]


def test_what_changes_after_confirming_is_not_taken_away_either(
    cast, alice, compared, run_jobs
):
    confirm(alice, compared)
    add_task(cast, "Made while it waited")
    run_jobs()
    found = the_one(cast.acme)
    assert found.stage == Stage.COMPARED
    assert found.found["tables"]["tasks_task"] == [0, 0, 2]
    assert "Made while it waited" in titles(cast.acme)
    assert taken_in(cast.acme) == []


def test_reading_and_notices_are_no_change(cast, alice, as_bob, compared, run_jobs):
    as_bob.get("/tasks/")
    as_bob.get("/inbox/")
    alice.get(at(compared))
    confirm(alice, compared)
    run_jobs()
    assert the_one(cast.acme).stage == Stage.DONE


def test_the_log_decides_whether_something_changed(cast, compared):
    with no_context(), tenant(cast.acme):
        assert not arriving.has_changed_since(compared.seen)
        assert arriving.last_entry() > compared.seen
    add_task(cast, "Another")
    with no_context(), tenant(cast.acme):
        assert arriving.has_changed_since(compared.seen)
        assert not arriving.has_changed_since(arriving.last_entry())


def test_staffs_import_asks_for_no_agreement(cast, compared):
    add_task(cast, "Another")
    with default_storage.open(compared.file) as file:
        data = file.read()
    archive = opened(data)
    found = landing.people.matched(archive)
    agreed = Journey(archive, found, cast.acme.pk, is_here=True)
    agreed.seen, agreed.is_agreed = compared.seen, True
    with pytest.raises(Overtaken):
        arriving.take_in(agreed, by=None)
    assert "Another" in titles(cast.acme)
    arriving.take_in(Journey(archive, found, cast.acme.pk, is_here=True), by=None)
    assert titles(cast.acme) == {"In the archive"}


def test_confirming_twice_is_confirming_once(cast, alice, compared, run_jobs):
    confirm(alice, compared)
    confirm(alice, compared)
    assert queued("apply_arrival") == 1
    run_jobs()
    confirm(alice, compared)
    assert len(taken_in(cast.acme)) == 1
    assert [step for step, _by in recorded(cast.acme)].count("confirmed") == 1


def test_what_is_cancelled_while_it_is_compared_stays_so(cast, alice, run_jobs):
    bring(alice, exported(cast.acme))
    alice.post(at(the_one(cast.acme), "cancel/"))
    run_jobs()
    assert the_one(cast.acme).stage == Stage.CANCELLED
    assert [step for step, _by in recorded(cast.acme)] == ["uploaded", "cancelled"]
    assert stored(cast.acme) == []


def test_a_comparison_that_ends_too_late_is_forgotten(cast, compared, run_jobs):
    change(cast.acme, stage=Stage.CANCELLED)
    with no_context(), tenant(cast.acme, cast.alice):
        landing.compare(compared)
        landing.fail(compared, "trouble")
        landing.compare_anew(compared)
    assert the_one(cast.acme).stage == Stage.CANCELLED
    assert [step for step, _by in recorded(cast.acme)].count("compared") == 1


def test_after_a_worker_that_died_it_is_not_taken_in_twice(
    cast, alice, compared, run_jobs
):
    confirm(alice, compared)
    run_jobs()
    add_task(cast, "Made after it")
    enqueue_again(cast, jobs.apply_arrival, compared)
    run_jobs()
    assert len(taken_in(cast.acme)) == 1
    assert "Made after it" in titles(cast.acme)
    assert stored(cast.acme) == []


def test_after_a_worker_that_died_the_end_is_not_lost(cast, compared, run_jobs):
    change(cast.acme, stage=Stage.DONE)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    enqueue_again(cast, jobs.apply_arrival, compared)
    run_jobs()
    assert stored(cast.acme) == []


def test_a_job_of_a_row_that_has_gone_does_nothing(cast, compared, run_jobs):
    with no_context(), tenant(cast.acme):
        Arrival.objects.all().delete()
    for one in (jobs.compare_arrival, jobs.apply_arrival, jobs.discard_arrival):
        enqueue_again(cast, one, compared)
    assert "failed" not in run_jobs()


def test_an_import_that_hangs_ends_with_its_day(cast, alice, compared, run_jobs):
    change(cast.acme, stage=Stage.APPLYING)
    with no_context(), tenant(cast.acme, cast.alice):
        landing.discard(compared)
        assert not landing.discard(compared)
    assert the_one(cast.acme).stage == Stage.EXPIRED
    assert bring(alice, exported(cast.acme)).status_code == 302


@CONSOLE
def test_staff_who_look_on_reach_nothing_of_it(cast, compared, look_on_as_alice):
    before = recorded(cast.acme)
    for address in (LIST, NEW, at(compared), at(compared, "confirm/")):
        assert look_on_as_alice.get(address).status_code == 403
    for verb in ("confirm/", "cancel/"):
        answer = look_on_as_alice.post(at(compared, verb), {"typed": "acme"})
        assert answer.status_code == 403
    assert look_on_as_alice.post(NEW, sent(b"PK")).status_code == 403
    assert recorded(cast.acme) == before
    assert the_one(cast.acme).stage == Stage.COMPARED


@pytest.fixture
def look_on_as_alice(cast, as_olga) -> Client:
    give_second_step(cast.olga)
    olga = prove(as_olga)
    values = {"reason": "Ticket 4471: the list is empty", "minutes": "15"}
    values["organization"] = str(cast.acme.pk)
    assert olga.post(visit_page(cast.alice), values).status_code == 302
    return olga


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_one_at_once_one_is_heard(cast):
    data, people, told = exported(cast.acme), Barrier(3), []

    def go():
        with no_context(), tenant(cast.acme, cast.alice):
            people.wait()
            made = flows.upload(
                organization=cast.acme,
                by=cast.alice,
                file=sent(data)["file"],
                archive=opened(data),
            )
            told.append(made is not None)
        connection.close()

    threads = [Thread(target=go) for _number in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [False, False, True]
    assert len(arrivals(cast.acme)) == 1
    assert len(stored(cast.acme)) == 1
    assert [step for step, _by in recorded(cast.acme)] == ["uploaded"]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_has_not_ended(cast, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0)
    with no_context(), tenant(cast.acme, cast.alice):
        export = Export.objects.create(asked_by=cast.alice)
        with progress.progress(export) as watch:
            watch.expect(4)
            for done in (1, 2):
                watch.step()
                watch.written.result()
                assert Export.objects.get().done == done
            assert Export.objects.get().percent == 50
        for _more in range(9):
            watch.done = min(watch.done + 1, watch.total)
        assert watch.done == 4


@pytest.mark.django_db(transaction=True)
def test_progress_is_written_to_no_row_that_has_moved_on(cast, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0)
    with no_context(), tenant(cast.acme, cast.alice):
        export = Export.objects.create(asked_by=cast.alice)
        with progress.progress(export) as watch:
            watch.expect(4)
            Export.objects.update(finished_at=export.created_at)
            watch.step()
            watch.written.result()
        assert Export.objects.get().done == 0


@pytest.mark.django_db(transaction=True)
def test_progress_cannot_reach_another_organization(cast, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0)
    with no_context(), tenant(cast.globex, cast.charlie):
        theirs = Export.objects.create(asked_by=cast.charlie)
    inside = tenant(cast.acme, cast.alice)
    with no_context(), inside, progress.progress(theirs) as watch:
        watch.expect(4)
        watch.step()
        watch.written.result()
    with no_context(), tenant(cast.globex):
        assert Export.objects.get().done == 0


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [(0, 0, 0), (0, 10, 0), (1, 3, 33), (10, 10, 99), (999, 1000, 99), (5, 1, 99)],
)
def test_a_hundred_percent_is_the_end_alone(done, total, percent):
    assert progress.percent(done, total) == percent


def test_the_steps_are_those_that_were_expected(cast, alice, run_jobs, monkeypatch):
    seen = []
    step = progress.Progress.step

    def counted(self):
        step(self)
        seen.append((self.done, self.total))

    monkeypatch.setattr(progress.Progress, "step", counted)
    alice.post("/organizations/settings/export/ask/")
    run_jobs()
    done, total = seen[-1]
    assert (done, total) == (len(seen), len(seen))
    seen.clear()
    bring(alice, exported(cast.acme))
    run_jobs()
    assert seen[-1][0] == seen[-1][1]
    assert all(before[0] <= after[0] for before, after in pairwise(seen))


def test_the_pages_show_how_far_it_is(cast, alice, compared):
    change(cast.acme, stage=Stage.COMPARING, done=30, total=120)
    text = alice.get(at(compared)).text
    assert "Comparing: 25 %" in text
    assert 'value="25" max="100"' in text
    alice.post("/organizations/settings/export/ask/")
    with no_context(), tenant(cast.acme):
        Export.objects.update(done=3, total=4)
    text = alice.get("/organizations/settings/export/").text
    assert "Writing: 75 %" in text
    assert 'value="75" max="100"' in text
