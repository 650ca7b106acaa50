"""Who hears of archives in their inbox, and what staff see of them in the console."""

import pytest
from django.urls import reverse

from organizations.archives import landing
from organizations.archives.models import Arrival, Export, Refusal
from organizations.archives.travelling import tables
from organizations.archives.words import NAMES, called, described
from organizations.models import Membership
from organizations.notifications.kinds import KINDS
from organizations.notifications.models import Notification
from organizations.tenancy import no_context, tenant
from tests.archives.arriving import add_task, arrivals, at, bring, confirm, the_one
from tests.archives.conftest import changed, exported, members_of, take_in
from tests.conftest import join
from tests.isolation.test_matrix import sample_archive, sample_arrival
from tests.operator.conftest import CONSOLE
from tests.personal.conftest import prove

EXPORT = "/organizations/settings/export/"


@pytest.fixture
def alice(as_alice):
    return prove(as_alice)


def told(cast, person):
    """Return what somebody was told of archives: kinds and pages."""
    with no_context(), tenant(cast.acme, person):
        rows = Notification.objects.filter(user=person).order_by("pk")
        found = list(rows.values_list("kind", "path"))
    return [one for one in found if one[0].startswith(("export_", "import_"))]


def damaged(data):
    name = next(one for one in members_of(data) if one.startswith("csv/"))
    return changed(data, {name: b"others"})


def test_whoever_asked_hears_that_it_is_ready(cast, alice, run_jobs):
    join(cast.acme, cast.nora, "owner")
    alice.post(f"{EXPORT}ask/")
    run_jobs()
    assert told(cast, cast.alice) == [("export_ready", EXPORT)]
    assert told(cast, cast.nora) == []
    assert "The archive of Acme is ready to be downloaded" in alice.get("/inbox/").text


def test_whoever_asked_hears_that_it_failed(cast, alice, run_jobs):
    alice.post(f"{EXPORT}ask/")
    with no_context(), tenant(cast.acme, cast.alice):
        landing.tell("archive.failed", Export.objects.get(), {})
        Export.objects.all().update(finished_at="2026-01-01T00:00Z")
    run_jobs()
    assert ("export_failed", EXPORT) in told(cast, cast.alice)
    assert "The archive of Acme could not be written" in alice.get("/inbox/").text


def test_whoever_brought_it_hears_of_comparing_and_of_the_end(cast, alice, run_jobs):
    join(cast.acme, cast.nora, "owner")
    data = exported(cast.acme)
    add_task(cast, "Made since")
    bring(alice, data)
    run_jobs()
    arrival = the_one(cast.acme)
    assert told(cast, cast.alice) == [("import_compared", at(arrival))]
    text = alice.get("/inbox/").text
    assert "acme.zip" in text
    confirm(alice, arrival)
    run_jobs()
    # The first notice is not in the archive: it has gone with all that came since.
    assert told(cast, cast.alice) == [("import_done", at(arrival))]
    assert told(cast, cast.nora) == []


def test_whoever_brought_it_hears_of_a_refusal(cast, alice, run_jobs):
    bring(alice, damaged(exported(cast.acme)))
    run_jobs()
    arrival = the_one(cast.acme)
    assert told(cast, cast.alice) == [("import_failed", at(arrival))]
    assert "could not be taken in; nothing was changed" in alice.get("/inbox/").text


def test_who_is_an_owner_no_longer_hears_nothing(cast, alice, run_jobs):
    join(cast.acme, cast.nora, "owner")
    bring(alice, exported(cast.acme))
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.alice).update(role="admin")
    run_jobs()
    assert told(cast, cast.alice) == []


def test_staffs_import_is_told_to_nobody(cast, alice, run_jobs):
    data = exported(cast.acme)
    take_in(data, over=True)
    run_jobs()
    assert told(cast, cast.alice) == []


def test_the_kinds_are_owners_own():
    for code in ("export_ready", "export_failed"):
        assert KINDS[code].ability == "organization.export"
    for code in ("import_compared", "import_done", "import_failed"):
        assert KINDS[code].ability == "organization.import"
        assert not KINDS[code].concerns({"organization.export"})


@CONSOLE
def test_the_console_shows_both_and_gives_no_file_away(cast, as_olga):
    keys = {
        "archives_arrival": sample_arrival(cast, "acme"),
        "archives_export": sample_archive(cast, "globex"),
    }
    for page, pk in keys.items():
        found = as_olga.get(reverse(f"admin:{page}_changelist"))
        assert found.status_code == 200
        row = as_olga.get(reverse(f"admin:{page}_change", args=[pk]))
        assert row.status_code == 200
        assert "gone.zip" not in found.content.decode() + row.content.decode()
        assert "/download/" not in row.content.decode()
    assert "Acme" in as_olga.get(reverse("admin:archives_arrival_changelist")).text
    assert "Archives taken in" in as_olga.get("/admin/").text


@CONSOLE
@pytest.mark.parametrize("page", ["archives_arrival", "archives_export"])
def test_in_the_console_nothing_is_added_changed_or_deleted(cast, as_olga, page):
    make = sample_arrival if page == "archives_arrival" else sample_archive
    pk = make(cast, "acme")
    assert as_olga.get(reverse(f"admin:{page}_add")).status_code == 403
    for verb in ("change", "delete"):
        address = reverse(f"admin:{page}_{verb}", args=[pk])
        assert as_olga.post(address, {"post": "yes"}).status_code == 403
    with no_context(), tenant(cast.acme):
        assert Export.objects.count() + Arrival.objects.count() == 1


@CONSOLE
def test_members_do_not_reach_the_console(cast, as_alice):
    sample_arrival(cast, "acme")
    address = reverse("admin:archives_arrival_changelist")
    assert as_alice.get(address).status_code in (302, 403, 404)


def test_what_a_page_says_of_a_row_that_knows_little():
    found = described(Arrival(found={}))
    assert found["lines"] == found["same"] == found["unknown"] == []
    assert found["others"] == 0
    assert Arrival(found={}).why == ""
    assert Arrival(refusal=Refusal.LOG).why == str(Refusal.LOG.label)


def test_a_table_that_nobody_knows_any_more_is_called_by_its_name():
    kept = Arrival(found={"tables": {"zoo_animal": [1, 0, 0], "files": [0, 0, 0]}})
    found = described(kept)
    assert [line.name for line in found["lines"]] == ["Zoo_animal"]
    assert found["same"] == ["Files"]


def test_every_table_has_words(cast):
    known = [one.name for one in tables()]
    names = [called(name, {}) for name in known]
    assert len(set(names)) == len(names)
    # Those of the tests' own rooms are called as their models are.
    assert set(NAMES) >= {name for name in known if not name.startswith("lab_")}


def test_nothing_of_it_is_seen_in_another_organization(cast, alice, run_jobs):
    bring(alice, exported(cast.acme))
    run_jobs()
    assert arrivals(cast.globex) == []
    with no_context(), tenant(cast.globex, cast.charlie):
        kinds = Notification.objects.values_list("kind", flat=True)
        assert not [kind for kind in kinds if kind.startswith("import_")]
