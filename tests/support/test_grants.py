"""Owners let staff change things for a while; staff ask for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.support.models import SupportGrant
from organizations.tenancy import as_user, no_context, operator, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.support.conftest import CONSOLE, grant, recorded

pytestmark = CONSOLE
GRANT, REVOKE = "/organizations/support/grant/", "/organizations/support/revoke/"
ASK = "/organizations/support/ask/"
NEW = {"title": "Made by staff", "status": "todo", "priority": "3"}


def grants(organization):
    with no_context(), tenant(organization):
        return list(SupportGrant.objects.order_by("created_at"))


def titles(organization):
    with no_context(), tenant(organization):
        return sorted(Task.objects.values_list("title", flat=True))


@pytest.mark.parametrize("hours", [1, 24, 72])
def test_an_owner_grants_for_an_hour_a_day_or_three(as_alice, cast, hours):
    answer = as_alice.post(GRANT, {"hours": str(hours)}, follow=True)
    assert "may now change things" in answer.content.decode()
    (made,) = grants(cast.acme)
    left = made.ends_at - timezone.now()
    assert timedelta(hours=hours) - left < timedelta(minutes=1)
    (entry,) = recorded(cast.acme, "support.granted")
    assert entry.actor_id == cast.alice.pk
    assert entry.target_label == cast.acme.name


@pytest.mark.parametrize("hours", ["", "0", "-1", "2", "1000", "x"])
def test_no_other_length_is_granted(as_alice, cast, hours):
    as_alice.post(GRANT, {"hours": hours})
    assert grants(cast.acme) == []


def test_only_owners_grant_and_take_back(as_adam, as_bob, as_vera, as_charlie, cast):
    made = grant(cast.acme, cast.alice)
    for client in (as_adam, as_bob, as_vera):
        assert client.post(GRANT, {"hours": "1"}).status_code == 403
        assert client.post(REVOKE).status_code == 403
    as_charlie.post(REVOKE)
    assert [one.pk for one in grants(cast.acme)] == [made.pk]
    assert grants(cast.acme)[0].revoked_at is None


def test_with_a_grant_staff_change_what_the_person_may(as_staff, as_alice, cast):
    assert as_staff.post("/tasks/new/", NEW).status_code == 403
    as_alice.post(GRANT, {"hours": "1"})
    assert as_staff.post("/tasks/new/", NEW).status_code == 302
    assert titles(cast.acme) == ["Made by staff"]
    (entry,) = recorded(cast.acme, "task.created")
    assert (entry.actor_id, entry.impersonator_id) == (cast.alice.pk, cast.olga.pk)
    page = as_staff.get("/tasks/").content.decode()
    assert "An owner lets you change things." in page
    assert "Read only." not in page


def test_a_grant_gives_no_more_than_the_person_may(look_on, cast):
    grant(cast.acme, cast.alice)
    client = look_on(cast.vera)
    assert client.post("/tasks/new/", NEW).status_code == 403
    assert titles(cast.acme) == []


def test_taking_it_back_counts_at_once(as_staff, as_alice, cast):
    as_alice.post(GRANT, {"hours": "72"})
    assert as_staff.post("/tasks/new/", NEW).status_code == 302
    as_alice.post(REVOKE)
    assert as_staff.post("/tasks/new/", NEW | {"title": "Too late"}).status_code == 403
    assert titles(cast.acme) == ["Made by staff"]
    assert len(recorded(cast.acme, "support.revoked")) == 1
    as_alice.post(REVOKE)
    assert len(recorded(cast.acme, "support.revoked")) == 1


def test_it_ends_by_itself(as_staff, cast):
    made = grant(cast.acme, cast.alice)
    past = timezone.now() - timedelta(seconds=1)
    with no_context(), operator(cast.olga, reason="test"):
        SupportGrant.objects.filter(pk=made.pk).update(ends_at=past)
    assert as_staff.post("/tasks/new/", NEW).status_code == 403
    assert "Read only." in as_staff.get("/tasks/").content.decode()


def test_a_grant_of_another_organization_opens_nothing(as_staff, cast):
    grant(cast.globex, cast.charlie)
    assert as_staff.post("/tasks/new/", NEW).status_code == 403
    assert titles(cast.acme) == []


def test_a_new_grant_stands_in_place_of_the_former(as_alice, cast):
    as_alice.post(GRANT, {"hours": "72"})
    as_alice.post(GRANT, {"hours": "1"})
    former, present = grants(cast.acme)
    assert former.revoked_at is not None
    assert present.revoked_at is None


def test_the_persons_own_pages_stay_closed_with_a_grant(as_staff, cast):
    grant(cast.acme, cast.alice)
    sent = {"first_name": "Olga", "last_name": "Was Here", "language": "en"}
    assert as_staff.post("/accounts/profile/", sent).status_code == 403
    with no_context(), as_user(cast.alice):
        cast.alice.refresh_from_db()
    assert cast.alice.first_name == "Alice"


def test_the_page_says_who_may_what(as_alice, as_adam, cast):
    page = as_alice.get("/organizations/support/").content.decode()
    assert "Staff can only read" in page
    assert GRANT in page
    assert 'value="72"' in page
    other = as_adam.get("/organizations/support/").content.decode()
    assert 'name="hours"' not in other
    as_alice.post(GRANT, {"hours": "24"})
    page = as_alice.get("/organizations/support/").content.decode()
    assert "Staff may change things until" in page
    assert REVOKE in page
    other = as_adam.get("/organizations/support/").content.decode()
    assert "End it now" not in other


def test_staff_ask_once_in_a_sentence(as_staff, cast):
    answer = as_staff.post(ASK, {"sentence": "Mend  the\nlabels"}, follow=True)
    assert "The owners are asked." in answer.content.decode()
    (entry,) = recorded(cast.acme, "support.asked")
    assert entry.after == {"reason": "Mend the labels"}
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    again = as_staff.post(ASK, {"sentence": "Please"}, follow=True)
    assert "asked already" in again.content.decode()
    assert len(recorded(cast.acme, "support.asked")) == 1


@pytest.mark.parametrize("sentence", ["", "  ", "x" * 301])
def test_asking_takes_a_sentence(as_staff, cast, sentence):
    answer = as_staff.post(ASK, {"sentence": sentence}, follow=True)
    assert "Say in a sentence" in answer.content.decode()
    assert recorded(cast.acme, "support.asked") == []


def test_nobody_is_asked_where_there_is_no_organization(look_on, cast):
    client = look_on(cast.nora, organization=None)
    assert client.post(ASK, {"sentence": "Please"}).status_code == 404
    assert ASK not in client.get("/organizations/").content.decode()


def test_a_grant_without_a_change_is_harmless(as_staff, cast):
    grant(cast.acme, cast.alice)
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Oil the gate")
    assert as_staff.get(f"/tasks/{task.pk}/").status_code == 200
    assert recorded(cast.acme, "task.edited") == []
