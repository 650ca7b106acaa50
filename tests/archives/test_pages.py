"""Settings, Export: owners have an archive written, wait for it, and download it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from organizations.archives.models import Export
from organizations.audit.models import AuditEntry
from organizations.models import Organization, Standing, files_of
from organizations.tenancy import no_context, tenant
from tests.archives.conftest import end, hashed, opened, take_in
from tests.conftest import PASSWORD, join
from tests.personal.conftest import prove

PAGE = "/organizations/settings/export/"
ASK = f"{PAGE}ask/"


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


def exports(organization):
    with no_context(), tenant(organization):
        return list(Export.objects.order_by("created_at"))


def change(organization, **values):
    with no_context(), tenant(organization):
        Export.objects.update(**values)


def recorded(organization):
    with no_context(), tenant(organization):
        rows = AuditEntry.objects.filter(action__startswith="organization.export")
        return list(rows.order_by("sequence").values_list("action", "actor"))


def download(client, export):
    return client.get(f"{PAGE}{export.pk}/download/")


def page(client):
    return client.get(PAGE).content.decode()


def test_an_owner_asks_waits_and_downloads(cast, alice, run_jobs):
    assert "No archive has been written yet." in page(alice)
    assert alice.post(ASK).status_code == 302
    assert "Being written" in page(alice)
    assert 'hx-trigger="every 4s"' in page(alice)
    assert "succeeded" in run_jobs()
    (export,) = exports(cast.acme)
    answer = download(alice, export)
    assert answer["Content-Type"] == "application/zip"
    assert f"acme-{export.created_at:%Y-%m-%d}.zip" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    archive = opened(data)
    assert archive.organization_id == cast.acme.pk
    assert (len(data), archive.sha256) == (export.size, export.sha256)
    assert f"{export.rows} rows" in page(alice)
    assert recorded(cast.acme) == [
        ("organization.exported", cast.alice.pk),
        ("organization.export_fetched", cast.alice.pk),
    ]


def test_what_was_downloaded_can_be_taken_in(cast, alice, run_jobs):
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    before = hashed(cast.acme)
    data = b"".join(download(alice, export).streaming_content)
    end(cast.acme, cast.alice)
    assert not default_storage.exists(export.file)
    take_in(data)
    after = hashed(cast.acme)
    # The log of now has one entry more: the download.
    assert after["tables"].keys() == before["tables"].keys()
    assert after["tables"]["tasks_task"] == before["tables"]["tasks_task"]


def test_a_mail_says_that_it_is_ready(cast, alice, run_jobs):
    alice.post(ASK)
    mail.outbox.clear()
    run_jobs()
    (sent,) = [one for one in mail.outbox if "archive" in one.subject]
    assert sent.to == ["alice@example.com"]
    assert PAGE in sent.body


def test_one_is_written_at_a_time(cast, alice):
    alice.post(ASK)
    answer = alice.post(ASK, follow=True)
    assert "An archive is being written already" in answer.content.decode()
    assert len(exports(cast.acme)) == 1
    assert len(recorded(cast.acme)) == 1


def test_the_password_comes_first(cast, as_alice):
    answer = as_alice.post(ASK)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert exports(cast.acme) == []
    # Proven, one is back on the page: what was sent is not sent a second time.
    proven = as_alice.post(answer["Location"], {"password": PASSWORD})
    assert proven["Location"] == PAGE
    assert exports(cast.acme) == []
    as_alice.post(ASK)
    assert len(exports(cast.acme)) == 1


def test_a_download_asks_for_the_password_too(cast, as_alice):
    with no_context(), tenant(cast.acme, cast.alice):
        export = Export.objects.create(asked_by=cast.alice)
    answer = download(as_alice, export)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    proven = as_alice.post(answer["Location"], {"password": PASSWORD})
    assert proven["Location"] == f"{PAGE}{export.pk}/download/"


def test_only_owners_see_the_page(cast, as_adam, as_bob, as_vera):
    for client in (as_adam, as_bob, as_vera):
        assert client.get(PAGE).status_code == 403
        assert PAGE not in client.get("/organizations/settings/").content.decode()
        assert prove(client).post(ASK).status_code == 403


def test_every_owner_may_download_it(cast, alice, sign_in, run_jobs):
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    join(cast.acme, cast.nora, "owner")
    nora = prove(sign_in(cast.nora, cast.acme))
    assert download(nora, export).status_code == 200


def test_another_organizations_archive_is_missing(cast, as_charlie, alice, run_jobs):
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    assert download(prove(as_charlie), export).status_code == 404
    assert "Deleted on" not in page(as_charlie)


def test_after_a_week_the_file_goes(cast, alice, run_jobs):
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    name = export.file
    assert name.startswith(f"{files_of(cast.acme.pk)}/archives/")
    run_jobs(waiting=True)
    (export,) = exports(cast.acme)
    assert export.file == ""
    assert not default_storage.exists(name)
    assert download(alice, export).status_code == 302
    assert "Its seven days have passed." in page(alice)


def test_past_its_day_it_is_not_given_away(cast, alice, run_jobs):
    alice.post(ASK)
    run_jobs()
    (export,) = exports(cast.acme)
    change(cast.acme, expires_at=timezone.now() - timedelta(minutes=1))
    assert download(alice, export).status_code == 302
    assert len(recorded(cast.acme)) == 1


def test_a_failure_is_told_and_can_be_tried_again(cast, alice, run_jobs, monkeypatch):
    def refuse(*args):
        raise OSError("the storage is away")

    alice.post(ASK)
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", refuse)
        run_jobs()
    assert "It could not be written" in page(alice)
    alice.post(ASK)
    run_jobs()
    assert [one.state for one in exports(cast.acme)] == ["failed", "ready"]


def test_an_archive_that_is_there_is_not_written_again(cast, alice, run_jobs):
    alice.post(ASK)
    run_jobs()
    (before,) = exports(cast.acme)
    alice.post(ASK)
    run_jobs()
    first, second = exports(cast.acme)
    assert (first.file, first.size) == (before.file, before.size)
    assert second.file != first.file


def test_unpaid_bills_hold_nobodys_data(cast, alice):
    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(standing=Standing.SUSPENDED)
    assert alice.get(PAGE).status_code == 200
    assert alice.post(ASK).status_code == 302
    assert len(exports(cast.acme)) == 1


def test_the_settings_lead_there(as_alice):
    assert f'href="{PAGE}"' in as_alice.get("/organizations/settings/").content.decode()
