"""What the customer is shown: both names, every page once, and what was changed."""

import pytest

from accounts.models import Session, User
from organizations.audit.models import AuditEntry
from organizations.notifications.models import Notification
from organizations.tenancy import identity, no_context, operator, tenant
from organizations.tenancy.jobs import carried_context
from tasks.flows import create_task
from tests.support.conftest import CONSOLE, REASON, grant, recorded

pytestmark = CONSOLE
ACCESS = "/organizations/support/"


@pytest.fixture
def task(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return create_task(by=cast.alice, title="Oil the gate")


def viewed(cast):
    return [entry.after["path"] for entry in recorded(cast.acme, "support.viewed")]


def test_each_page_is_noted_once(as_staff, cast, task):
    for address in ("/tasks/", "/tasks/", "/tasks/?status=done", "/organizations/"):
        assert as_staff.get(address).status_code == 200
    assert viewed(cast) == ["/tasks/", "/organizations/"]
    first = recorded(cast.acme, "support.viewed")[0]
    assert (first.actor_id, first.actor_type) == (cast.olga.pk, "operator")
    assert first.impersonator_id is None
    assert first.target_label == "Tasks"


def test_each_object_is_noted_for_itself_also_when_a_part_shows_it(as_staff, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        pages = [
            f"/tasks/{create_task(by=cast.alice, title=title).pk}/"
            for title in ("One", "Two")
        ]
    as_staff.get(pages[0])
    as_staff.get(pages[1], headers={"HX-Request": "true"})
    assert viewed(cast) == pages


def test_parts_without_an_object_and_pictures_are_not_noted(as_staff, cast):
    as_staff.get("/inbox/unread/", headers={"HX-Request": "true"})
    as_staff.get("/tasks/", headers={"HX-Request": "true"})
    as_staff.get("/api/v1/openapi.json")
    assert viewed(cast) == []


def test_what_is_refused_or_missing_was_not_seen(as_staff, cast):
    as_staff.get("/accounts/profile/")
    as_staff.get("/nowhere/")
    as_staff.post("/tasks/new/", {"title": "x"})
    assert viewed(cast) == []


def test_nothing_of_the_person_is_touched(as_staff, cast, task):
    with no_context(), tenant(cast.acme):
        Notification.objects.create(
            event_id=task.pk,
            user=cast.alice,
            kind="comment",
            subject_type="tasks.task",
            subject_id=task.pk,
            subject_label="Oil the gate",
            path=f"/tasks/{task.pk}/",
            in_inbox=True,
        )
        note = Notification.objects.get()
    with no_context(), identity():
        before = User.objects.get(pk=cast.alice.pk)
    assert as_staff.get("/inbox/").status_code == 200
    opened = as_staff.get(f"/inbox/{note.pk}/")
    assert opened.status_code in (302, 404)
    for act in ("read", "archive"):
        assert as_staff.post(f"/inbox/{note.pk}/{act}/").status_code in (403, 404)
    with no_context(), tenant(cast.acme):
        assert Notification.objects.get().read_at is None
    with no_context(), identity():
        after = User.objects.get(pk=cast.alice.pk)
        assert (after.last_login, after.updated_at) == (
            before.last_login,
            before.updated_at,
        )
        assert not Session.objects.filter(user=cast.alice).exists()


def test_a_change_has_both_names(as_staff, cast, task):
    grant(cast.acme, cast.alice)
    answer = as_staff.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    assert answer.status_code in (200, 204, 302)
    (entry,) = recorded(cast.acme, "task.moved")
    assert (entry.actor_id, entry.impersonator_id) == (cast.alice.pk, cast.olga.pk)


def test_the_audit_log_shows_both(as_staff, as_alice, cast, task):
    grant(cast.acme, cast.alice)
    as_staff.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    (entry,) = recorded(cast.acme, "task.moved")
    page = as_alice.get(f"/audit/{entry.pk}/").content.decode()
    assert "Alice Example" in page
    assert "Olga Example" in page


def test_a_job_that_staff_set_off_has_both_names(as_staff, cast, task, run_jobs):
    grant(cast.acme, cast.alice)
    sent = {"chosen": [str(task.pk)], "priority": "5"}
    as_staff.post("/tasks/several/", sent)
    from tests.queue import jobs

    carried = [job.args["carried"] for job in jobs() if "carried" in job.args]
    behind = {one.get("impersonator") for one in carried}
    assert behind <= {str(cast.olga.pk), None}


def test_a_job_carries_who_stands_behind_it(cast):
    import structlog

    from organizations.audit.recording import record

    with no_context(), tenant(cast.acme, cast.alice):
        assert "impersonator" not in carried_context()
        with structlog.contextvars.bound_contextvars(impersonator=str(cast.olga.pk)):
            assert carried_context()["impersonator"] == str(cast.olga.pk)
            record("task.exported", by=cast.alice)
    (entry,) = recorded(cast.acme, "task.exported")
    assert entry.impersonator_id == cast.olga.pk


def test_owners_and_admins_see_the_stay(as_staff, as_alice, as_adam, cast, task):
    as_staff.get("/tasks/")
    as_staff.get(f"/tasks/{task.pk}/")
    for client in (as_alice, as_adam):
        page = client.get(ACCESS)
        text = " ".join(page.content.decode().split())
        assert page.status_code == 200
        assert "Olga Example as Alice Example" in text
        assert REASON in text
        assert "2 pages looked at" in text
        assert "Oil the gate" in text
        assert "at the latest" in text
    as_staff.post("/organizations/support/stop/")
    text = " ".join(as_alice.get(ACCESS).content.decode().split())
    assert "Stopped by hand" in text
    assert "Changed things" not in text


def test_changes_stand_beside_what_was_looked_at(as_staff, as_alice, cast, task):
    grant(cast.acme, cast.alice)
    as_staff.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    text = as_alice.get(ACCESS).content.decode()
    assert "Changed things" in text
    assert "task.moved" in text


def test_others_do_not_see_stays(as_bob, as_vera, as_charlie, as_staff, cast):
    as_staff.get("/tasks/")
    for client in (as_bob, as_vera):
        assert client.get(ACCESS).status_code == 403
    theirs = as_charlie.get(ACCESS).content.decode()
    assert "Nobody has looked on" in theirs
    assert "Olga" not in theirs


def test_settings_lead_there(as_alice, as_vera):
    assert ACCESS in as_alice.get("/organizations/settings/").content.decode()
    assert ACCESS not in as_vera.get("/organizations/settings/").content.decode()


def test_the_chain_of_the_log_holds(as_staff, cast, task):
    as_staff.get("/tasks/")
    as_staff.post("/organizations/support/stop/")
    with no_context(), operator(cast.olga, reason="test"):
        rows = AuditEntry.objects.filter(organization=cast.acme)
        places = list(rows.order_by("sequence").values_list("sequence", flat=True))
    assert places == list(range(1, len(places) + 1))
