"""Settings, Export, as somebody would try to break it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations import closing
from organizations.archives import flows, jobs
from organizations.archives.models import Export
from organizations.models import Membership, Organization, files_of
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from tests.archives.test_pages import (
    ASK,
    PAGE,
    change,
    download,
    exports,
    page,
    recorded,
)
from tests.conftest import join, signed_in_client
from tests.personal.conftest import prove


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


@pytest.fixture
def ready(cast, alice, run_jobs):
    """One archive of Acme that can be downloaded."""
    alice.post(ASK)
    assert set(run_jobs()) == {"succeeded"}
    (export,) = exports(cast.acme)
    return export


def stored(organization):
    folder = f"{files_of(organization.pk)}/archives"
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def test_foreign_and_missing_look_the_same(cast, ready, as_charlie):
    charlie = prove(as_charlie)
    foreign = charlie.get(f"{PAGE}{ready.pk}/download/")
    missing = charlie.get(f"{PAGE}{uuid7()}/download/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert recorded(cast.globex) == []
    assert [action for action, _by in recorded(cast.acme)] == ["organization.exported"]


def test_in_another_of_her_organizations_an_owner_does_not_find_it(
    cast, ready, sign_in
):
    join(cast.globex, cast.alice, "owner")
    there = prove(sign_in(cast.alice, cast.globex))
    assert download(there, ready).status_code == 404
    assert "No archive has been written yet." in there.get(PAGE).content.decode()
    assert recorded(cast.globex) == []


def test_every_other_method_is_refused_and_does_nothing(cast, alice, ready):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(alice, method)(PAGE).status_code == 405
        address = f"{PAGE}{ready.pk}/download/"
        assert getattr(alice, method)(address).status_code == 405
    for method in ("get", "head", "put", "delete"):
        assert getattr(alice, method)(ASK).status_code == 405
    assert len(exports(cast.acme)) == 1
    assert len(recorded(cast.acme)) == 1


@pytest.mark.parametrize("token", ["", "x", "a" * 64, "\u202e" * 32])
def test_without_the_forms_token_nothing_is_written(cast, token):
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in_client(cast.alice, cast.acme.pk).cookies
    answer = client.post(ASK, {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert exports(cast.acme) == []
    assert recorded(cast.acme) == []


def test_what_is_sent_along_changes_nothing(cast, alice):
    alice.post(
        ASK,
        {
            "asked_by": str(cast.charlie.pk),
            "file": f"{files_of(cast.globex.pk)}/gallery/one.webp",
        },
    )
    (export,) = exports(cast.acme)
    assert (export.asked_by_id, export.file) == (cast.alice.pk, "")
    assert exports(cast.globex) == []


def test_an_htmx_request_is_answered_like_any_other(cast, alice):
    answer = alice.post(ASK, headers={"HX-Request": "true"}, follow=True)
    assert answer.status_code == 200
    polled = alice.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert 'id="archives"' in polled
    assert "Being written" in polled
    assert len(recorded(cast.acme)) == 1


def test_once_it_is_written_the_page_stops_asking(alice, ready):
    assert (
        "hx-trigger" not in alice.get(PAGE).content.decode().split('id="archives"')[1]
    )


def test_the_page_in_german(cast, alice, ready):
    german = {"Accept-Language": "de"}
    for values in ({}, {"failed_at": timezone.now()}, {"failed_at": None, "file": ""}):
        change(cast.acme, **values)
        assert alice.get(PAGE, headers=german).status_code == 200
    assert alice.post(ASK, headers=german).status_code == 302


def test_fifty_archives_cost_no_more_statements_than_one(cast, alice, ready):
    with CaptureQueriesContext(connection) as one:
        alice.get(PAGE)
    with no_context(), tenant(cast.acme, cast.alice):
        for _number in range(49):
            Export.objects.create(asked_by=cast.alice, failed_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        text = alice.get(PAGE).content.decode()
    assert len(many) <= len(one)
    assert text.count("It could not be written") == 10


def test_it_ends_at_its_moment_and_not_before(cast, alice, ready, time_machine):
    # What the sessions say of the password is of this moment, too.
    change(cast.acme, expires_at=timezone.now() + timedelta(seconds=60))
    (export,) = exports(cast.acme)
    time_machine.move_to(export.expires_at - timedelta(seconds=1), tick=False)
    assert download(alice, export).status_code == 200
    time_machine.move_to(export.expires_at, tick=False)
    assert download(alice, export)["Location"] == PAGE
    assert len(recorded(cast.acme)) == 2


def test_a_week_is_seven_days_whatever_the_clocks_do(cast, alice, run_jobs, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    assert export.expires_at - export.finished_at == timedelta(days=7)


def test_a_file_that_has_gone_is_no_fault_and_not_recorded(cast, alice, ready):
    default_storage.delete(ready.file)
    assert download(alice, ready)["Location"] == PAGE
    assert len(recorded(cast.acme)) == 1


def test_each_download_is_recorded_once(cast, alice, ready):
    for _again in range(2):
        assert download(alice, ready).status_code == 200
    actions = [action for action, _by in recorded(cast.acme)]
    assert actions.count("organization.export_fetched") == 2


def test_who_is_an_owner_no_longer_gets_nothing(cast, alice, ready):
    join(cast.acme, cast.nora, "owner")
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.alice).update(role="admin")
    assert alice.get(PAGE).status_code == 403
    assert download(alice, ready).status_code == 403
    assert alice.post(ASK).status_code == 403
    assert len(recorded(cast.acme)) == 1


def test_whoever_asked_may_be_erased_meanwhile(cast, alice, run_jobs):
    join(cast.acme, cast.nora, "owner")
    alice.post(ASK)
    done = alice.post("/accounts/data/delete/", {"confirmation": "alice@example.com"})
    assert done.status_code == 302
    mail.outbox.clear()
    assert set(run_jobs()) == {"succeeded"}
    assert [one for one in mail.outbox if "archive" in one.subject] == []
    (export,) = exports(cast.acme)
    assert export.state == "ready"
    nora = prove(signed_in_client(cast.nora, cast.acme.pk))
    assert nora.get(PAGE).status_code == 200
    assert download(nora, export).status_code == 200


def test_a_mail_that_cannot_be_sent_does_not_keep_the_file(
    cast, alice, run_jobs, settings
):
    """The week passes all the same: the file must not outlive it."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    alice.post(ASK)
    run_jobs()
    settings.EMAIL_BACKEND = before
    (export,) = exports(cast.acme)
    assert export.state == "ready"
    run_jobs(waiting=True)
    assert exports(cast.acme)[0].file == ""
    assert stored(cast.acme) == []


def test_a_worker_that_died_after_writing_does_not_keep_the_file(
    cast, alice, ready, run_jobs
):
    """Its job runs once more: the archive is there, and its end may be lost."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    with no_context(), tenant(cast.acme, cast.alice):
        flows.enqueue(jobs.write_archive, export_id=str(ready.pk))
    run_jobs()
    assert len(stored(cast.acme)) == 1
    run_jobs(waiting=True)
    assert stored(cast.acme) == []
    assert len(recorded(cast.acme)) == 1


def test_its_week_passes_while_the_organization_is_deleted(cast, ready, run_jobs):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
    run_jobs(waiting=True)
    assert stored(cast.acme) == []
    assert closing.take_back(organization=cast.acme, by=cast.alice)
    assert exports(cast.acme)[0].state == "expired"


def test_nobody_downloads_from_a_deleted_organization(cast, alice, ready):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
    answer = download(alice, ready)
    assert answer.status_code in (302, 404)
    assert not answer.streaming
    with no_context(), tenant(cast.acme):
        assert Organization.objects.get(pk=cast.acme.pk).deleted_at is not None


def test_a_strange_name_is_no_trouble(cast, alice, run_jobs):
    name = "<b>\u05d0\u202e𝔸</b> & “=1+1”"
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(name=name)
    text = alice.get(PAGE).content.decode()
    assert "<b>\u05d0" not in text
    alice.post(ASK)
    assert set(run_jobs()) == {"succeeded"}
    (export,) = exports(cast.acme)
    assert download(alice, export).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_is_heard(cast):
    people, told = Barrier(4), []

    def go():
        with no_context(), tenant(cast.acme, cast.alice):
            people.wait()
            told.append(flows.ask(organization=cast.acme, by=cast.alice))
        connection.close()

    threads = [Thread(target=go) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [False, False, False, True]
    assert len(exports(cast.acme)) == 1
    assert len(recorded(cast.acme)) == 1


def test_one_that_no_worker_wrote_makes_way_after_a_day(cast, alice, run_jobs):
    alice.post(ASK)
    change(cast.acme, created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert "Being written" not in page(alice)
    alice.post(ASK)
    assert [export.state for export in exports(cast.acme)] == ["failed", "asked"]
    assert set(run_jobs()) == {"succeeded"}
    assert [export.state for export in exports(cast.acme)] == ["failed", "ready"]
    assert len(stored(cast.acme)) == 1


def test_one_of_yesterday_is_still_waited_for(cast, alice):
    alice.post(ASK)
    change(cast.acme, created_at=timezone.now() - timedelta(hours=23))
    assert "Being written" in page(alice)
    alice.post(ASK)
    assert [export.state for export in exports(cast.acme)] == ["asked"]
