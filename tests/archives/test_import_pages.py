"""Settings, Import: an owner brings an archive, sees the difference, has it taken in."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from organizations import closing
from organizations.archives.models import Stage
from organizations.audit.checking import verify
from organizations.models import Membership, Organization, Standing, files_of
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
from tests.archives.conftest import end, exported, hashed
from tests.conftest import PASSWORD, join, signed_in_client
from tests.personal.conftest import prove


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


@pytest.fixture
def data(cast):
    """An archive of Acme with one task, and another task made since."""
    add_task(cast, "In the archive")
    written = exported(cast.acme)
    add_task(cast, "Made since")
    return written


@pytest.fixture
def compared(cast, alice, data, run_jobs):
    """An import that waits to be confirmed."""
    bring(alice, data)
    run_jobs()
    return the_one(cast.acme)


def page(client, arrival):
    return client.get(at(arrival)).content.decode()


def test_an_owner_brings_looks_confirms_and_it_is_as_it_was(
    cast, alice, data, run_jobs
):
    assert "No archive has been taken in here." in alice.get(LIST).text
    answer = bring(alice, data)
    arrival = the_one(cast.acme)
    assert answer["Location"] == at(arrival)
    assert "Being compared" in page(alice, arrival)
    assert "failed" not in run_jobs()
    text = page(alice, arrival)
    assert "Waits for you" in text
    assert "0 rows will be added, 1 changed and 1 removed." in text
    assert titles(cast.acme) == {"In the archive", "Made since"}
    assert confirm(alice, arrival)["Location"] == at(arrival)
    assert "Being taken in" in page(alice, arrival)
    assert "failed" not in run_jobs()
    assert titles(cast.acme) == {"In the archive"}
    assert "The archive is taken in." in page(alice, arrival)
    # What she was told of the comparing was not in the archive either.
    assert "0 rows were added, 1 changed and 2 removed." in page(alice, arrival)
    assert recorded(cast.acme) == [
        ("uploaded", cast.alice.pk),
        ("compared", None),
        ("confirmed", cast.alice.pk),
    ]
    (entry,) = taken_in(cast.acme)
    assert entry.after["import"] == str(arrival.pk)
    with no_context(), tenant(cast.acme):
        assert not verify(cast.acme.pk).problem


def test_to_compare_changes_nothing(cast, alice, data, run_jobs):
    before = hashed(cast.acme)["tables"]
    bring(alice, data)
    run_jobs()
    after = hashed(cast.acme)["tables"]
    differ = {name for name in before if before[name] != after[name]}
    # She is told of it, and the log says so.
    assert differ == {"audit_auditentry", "notifications_notification"}
    assert the_one(cast.acme).stage == Stage.COMPARED


def test_the_row_of_the_import_survives_what_it_does(cast, alice, compared, run_jobs):
    confirm(alice, compared)
    run_jobs()
    kept = the_one(cast.acme)
    assert (kept.pk, kept.stage) == (compared.pk, Stage.DONE)
    assert kept.finished_at is not None
    assert kept.found["tables"]["tasks_task"] == [0, 0, 1]


def test_nothing_of_another_organization_changes(
    cast, alice, as_charlie, compared, run_jobs
):
    before = hashed(cast.globex)["everything"]
    confirm(alice, compared)
    run_jobs()
    assert the_one(cast.acme).stage == Stage.DONE
    assert hashed(cast.globex)["everything"] == before
    assert recorded(cast.globex) == []
    assert arrivals(cast.globex) == []


def test_tables_that_change_stand_apart_from_those_that_stay(alice, compared):
    text = page(alice, compared)
    table, rest = text.split("</table>")
    assert "Numbers of tasks" in table
    assert "Attachments" not in table
    assert "tables stay as they are" in rest
    assert "Attachments" in rest
    assert "API keys, webhooks, plan, invoices and limits are in no archive." in rest


def test_files_and_the_own_row_are_in_the_difference(cast, alice, run_jobs):
    folder = f"{files_of(cast.acme.pk)}/gallery"
    default_storage.save(f"{folder}/gone.webp", ContentFile(b"gone"))
    data = exported(cast.acme)
    default_storage.delete(f"{folder}/gone.webp")
    default_storage.save(f"{folder}/new.webp", ContentFile(b"new"))
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(name="Acme now")
    bring(alice, data)
    run_jobs()
    arrival = the_one(cast.acme)
    assert arrival.found["tables"]["files"] == [1, 0, 1]
    assert arrival.found["tables"]["organizations_organization"] == [0, 1, 0]
    assert arrival.found["rows"] == {"added": 0, "changed": 1, "removed": 0}
    confirm(alice, arrival)
    run_jobs()
    assert default_storage.exists(f"{folder}/gone.webp")
    assert not default_storage.exists(f"{folder}/new.webp")
    assert the_one(cast.acme).found["tables"]["files"] == [1, 0, 1]
    with no_context(), tenant(cast.acme):
        assert Organization.objects.get(pk=cast.acme.pk).name == "Acme"


def test_where_nothing_would_change_there_is_nothing_to_confirm(cast, alice, run_jobs):
    bring(alice, exported(cast.acme))
    run_jobs()
    arrival = the_one(cast.acme)
    text = page(alice, arrival)
    assert "Nothing would change." in text
    assert at(arrival, "confirm/") not in text
    assert at(arrival, "cancel/") in text


def test_whoever_is_not_known_any_more_is_named(cast, alice, data, run_jobs):
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.bob).delete()
    answer = prove(signed_in_client(cast.bob)).post(
        "/accounts/data/delete/", {"confirmation": "bob@example.com"}
    )
    assert answer.status_code == 302
    bring(alice, data)
    run_jobs()
    arrival = the_one(cast.acme)
    assert arrival.found["left_out"] == {"organizations_membership": 1}
    assert "Members: 1 row of somebody who is not known, or erased" in page(
        alice, arrival
    )


def test_emails_of_the_unknown_are_shown_to_owners(cast, alice, compared):
    found = compared.found | {"unknown": ["ruth@example.com"], "missing": 3}
    change(cast.acme, found=found)
    text = page(alice, compared)
    assert "ruth@example.com" in text
    assert "2 more people are not known here" in text


def test_the_address_confirms_it(cast, alice, compared):
    answer = confirm(alice, compared, "globex")
    assert answer.status_code == 422
    assert "That is not its address. Nothing was replaced." in answer.text
    assert 'value="globex"' in answer.text
    assert the_one(cast.acme).stage == Stage.COMPARED
    assert ("confirmed", cast.alice.pk) not in recorded(cast.acme)
    assert confirm(alice, compared, "").status_code == 422
    assert confirm(alice, compared, "ACME").status_code == 302


def test_the_password_comes_first_each_time(cast, as_alice, data, run_jobs):
    for answer in (as_alice.get(NEW), bring(as_alice, data)):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    assert arrivals(cast.acme) == []
    assert stored(cast.acme) == []
    proven = as_alice.post(answer["Location"], {"password": PASSWORD})
    assert proven["Location"] == NEW
    bring(as_alice, data)
    run_jobs()
    arrival = the_one(cast.acme)
    fresh = signed_in_client(cast.alice, cast.acme.pk)
    for answer in (fresh.get(at(arrival, "confirm/")), confirm(fresh, arrival)):
        assert "reauthenticate" in answer["Location"]
    assert the_one(cast.acme).stage == Stage.COMPARED


def test_it_can_be_cancelled_until_it_is_confirmed(cast, alice, compared, run_jobs):
    assert len(stored(cast.acme)) == 1
    answer = alice.post(at(compared, "cancel/"), follow=True)
    assert "Import cancelled. Nothing was changed." in answer.text
    run_jobs()
    assert stored(cast.acme) == []
    assert the_one(cast.acme).file == ""
    assert recorded(cast.acme)[-1] == ("cancelled", cast.alice.pk)
    alice.post(at(compared, "cancel/"))
    assert len(recorded(cast.acme)) == 3
    assert confirm(alice, compared)["Location"] == at(compared)
    assert the_one(cast.acme).stage == Stage.CANCELLED


def test_what_is_confirmed_cannot_be_cancelled(cast, alice, compared):
    confirm(alice, compared)
    alice.post(at(compared, "cancel/"))
    assert the_one(cast.acme).stage == Stage.APPLYING
    assert recorded(cast.acme)[-1][0] == "confirmed"


def test_once_it_is_taken_in_the_file_goes(cast, alice, compared, run_jobs):
    confirm(alice, compared)
    run_jobs()
    assert stored(cast.acme) == []
    assert the_one(cast.acme).file == ""


def test_after_a_day_the_file_goes_and_another_can_be_brought(
    cast, alice, compared, data, run_jobs
):
    assert compared.expires_at - compared.created_at < timedelta(days=1, minutes=1)
    run_jobs(waiting=True)
    assert stored(cast.acme) == []
    assert the_one(cast.acme).stage == Stage.EXPIRED
    assert "Nobody confirmed it within a day" in page(alice, compared)
    assert recorded(cast.acme)[-1][0] == "cancelled"
    assert bring(alice, data).status_code == 302
    assert len(arrivals(cast.acme)) == 2


def test_one_is_underway_at_a_time(cast, alice, compared, data):
    answer = bring(alice, data)
    assert answer.status_code == 422
    assert "An archive is underway already" in answer.text
    assert len(arrivals(cast.acme)) == 1
    assert len(stored(cast.acme)) == 1
    assert len(recorded(cast.acme)) == 2
    assert at(compared) in alice.get(LIST).text
    assert f'href="{NEW}"' not in alice.get(LIST).text


def test_the_end_of_an_organization_takes_the_file_along(cast, alice, compared):
    assert default_storage.exists(compared.file)
    end(cast.acme, cast.alice)
    assert not default_storage.exists(compared.file)


def test_a_deleted_organization_keeps_its_file_no_longer(cast, compared, run_jobs):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
    run_jobs(waiting=True)
    assert stored(cast.acme) == []


@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_only_owners_import(request, cast, compared, data, who):
    client = prove(request.getfixturevalue(who))
    before = recorded(cast.acme)
    for address in (LIST, NEW, at(compared), at(compared, "confirm/")):
        assert client.get(address).status_code == 403
    assert bring(client, data).status_code == 403
    assert confirm(client, compared).status_code == 403
    assert client.post(at(compared, "cancel/")).status_code == 403
    assert LIST not in client.get("/organizations/settings/").text
    assert recorded(cast.acme) == before
    assert the_one(cast.acme).stage == Stage.COMPARED


def test_another_organizations_import_is_missing(cast, as_charlie, compared):
    charlie = prove(as_charlie)
    for verb in ("", "confirm/"):
        assert charlie.get(at(compared, verb)).status_code == 404
    assert confirm(charlie, compared, "globex").status_code == 404
    assert charlie.post(at(compared, "cancel/")).status_code == 404
    assert "acme.zip" not in charlie.get(LIST).text
    assert the_one(cast.acme).stage == Stage.COMPARED
    assert recorded(cast.globex) == []


def test_another_owner_may_confirm_what_one_has_brought(
    cast, compared, sign_in, run_jobs
):
    join(cast.acme, cast.nora, "owner")
    nora = prove(sign_in(cast.nora, cast.acme))
    # Her coming was recorded: it is compared anew, and then it is her turn.
    confirm(nora, compared)
    run_jobs()
    confirm(nora, compared)
    assert recorded(cast.acme)[-1] == ("confirmed", cast.nora.pk)


def test_unpaid_bills_close_it(cast, alice, compared, data):
    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(standing=Standing.SUSPENDED)
    assert alice.get(LIST).status_code in (402, 403)
    assert confirm(alice, compared).status_code in (402, 403)
    assert the_one(cast.acme).stage == Stage.COMPARED


def test_every_other_method_is_refused(cast, alice, compared):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(alice, method)(LIST).status_code == 405
        assert getattr(alice, method)(at(compared)).status_code == 405
    for method in ("get", "put", "delete"):
        assert getattr(alice, method)(at(compared, "cancel/")).status_code == 405


def test_what_is_sent_along_changes_nothing(cast, alice, data):
    alice.post(
        NEW,
        sent(data)
        | {"asked_by": str(cast.charlie.pk), "stage": "applying", "seen": "9999"},
    )
    made = the_one(cast.acme)
    assert (made.asked_by_id, made.stage, made.seen) == (cast.alice.pk, "comparing", 0)
    assert made.file.startswith(f"{files_of(cast.acme.pk)}/archives/")


def test_a_strange_name_is_shown_and_no_trouble(cast, alice, data, run_jobs):
    bring(alice, data, "<b>\u202eA\x07.zip")
    run_jobs()
    text = page(alice, the_one(cast.acme))
    assert "<b>A" not in text
    assert "&lt;b&gt;A.zip" in text
    assert the_one(cast.acme).stage == Stage.COMPARED


def test_the_page_asks_again_only_while_something_is_done(alice, data, run_jobs, cast):
    bring(alice, data)
    arrival = the_one(cast.acme)
    assert 'hx-trigger="every 2s"' in page(alice, arrival)
    assert 'hx-trigger="every 4s"' in alice.get(LIST).text
    run_jobs()
    assert 'hx-trigger="every 2s"' not in page(alice, arrival)
    assert 'hx-trigger="every 4s"' not in alice.get(LIST).text


@pytest.mark.parametrize("stage", Stage.values)
def test_each_stage_has_a_page_in_each_language(cast, alice, compared, stage):
    change(cast.acme, stage=stage, refusal="damaged", finished_at=timezone.now())
    for language in ("en", "de"):
        heads = {"Accept-Language": language}
        answer = alice.get(at(compared), headers=heads)
        assert answer.status_code == 200
        assert alice.get(LIST, headers=heads).status_code == 200
        assert ("That archive is damaged" in answer.text) == (stage == "failed")


def test_the_settings_lead_there(as_alice):
    assert f'href="{LIST}"' in as_alice.get("/organizations/settings/").text
