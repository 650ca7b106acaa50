"""How a stay ends: by hand, by the clock, and when what it rests on is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.impersonation.models import Impersonation
from accounts.models import Session, User
from config.operator import acts
from organizations.models import Membership, Organization
from organizations.personal.erasure import erase
from organizations.support.visiting import end_overdue, note
from organizations.tenancy import identity, no_context, operator
from tests.conftest import PASSWORD
from tests.operator.conftest import act, address
from tests.operator.test_changes import PERSON
from tests.support.conftest import CONSOLE, recorded, visit_page

pytestmark = CONSOLE
STOP = "/organizations/support/stop/"


def change(model, pk, **values):
    with no_context(), operator(None, reason="test"):
        assert model.objects.filter(pk=pk).update(**values) == 1


def overdue(stay):
    moment = timezone.now() - timedelta(seconds=1)
    change(Impersonation, stay().pk, ends_at=moment)


def assert_over(client, cast, stay, why):
    """The next request ends it for good, and no later one brings it back."""
    assert client.get("/tasks/").status_code == 302
    now = stay()
    assert (now.why, now.ended_at is None) == (why, False)
    (entry,) = recorded(cast.acme, "support.ended")
    assert entry.after == {"why": why}
    assert (entry.actor_id, entry.impersonator_id) == (cast.olga.pk, None)
    assert "support-bar" not in client.get("/organizations/").content.decode()


def test_stop_leads_back_to_the_page_of_the_console_that_was_left(as_staff, cast, stay):
    answer = as_staff.post(STOP)
    page = f"/admin/accounts/user/{cast.alice.pk}/change/"
    assert answer["Location"] == page
    assert stay().why == "stopped"
    back = as_staff.get(page)
    assert back.status_code == 200
    assert "support-bar" not in back.content.decode()
    assert as_staff.post(STOP).status_code == 404


def test_the_page_to_go_back_to_is_ours(olga, cast):
    sent = {"reason": "Ticket 1", "minutes": "15", "organization": str(cast.acme.pk)}
    page = "/admin/organizations/membership/"
    olga.post(f"{visit_page(cast.alice)}?back={page}", sent)
    assert olga.post(STOP)["Location"] == page
    olga.post(f"{visit_page(cast.alice)}?back=https://evil.example/", sent)
    own = f"/admin/accounts/user/{cast.alice.pk}/change/"
    assert olga.post(STOP)["Location"] == own


def test_what_the_session_held_of_staff_comes_back(olga, look_on, cast):
    def held():
        with no_context(), identity():
            key = olga.cookies["sessionid"].value
            return Session.objects.get(pk=key).get_decoded()

    olga.get(visit_page(cast.alice))
    before = held()
    assert before["console"]
    look_on(cast.alice)
    during = held()
    assert "console" not in during
    assert during["organization"] == str(cast.acme.pk)
    olga.post(STOP)
    after = held()
    assert after.keys() == before.keys()
    assert after["console"]


def test_a_session_lasts_no_longer_for_a_stay(olga, look_on, cast):
    key = olga.cookies["sessionid"].value
    began = timezone.now() - timedelta(days=3)
    change(Session, key, created_at=began)
    look_on(cast.alice)
    olga.post(STOP)
    with no_context(), identity():
        now = Session.objects.get(pk=olga.cookies["sessionid"].value)
    assert now.created_at == began


def test_the_devices_of_staff_follow_the_session_and_the_persons_stay(
    olga, look_on, cast
):
    key = olga.cookies["sessionid"].value
    with no_context(), identity():
        UserSession.objects.create(
            user=cast.olga, session_key=key, ip="127.0.0.1", user_agent="Firefox"
        )
    look_on(cast.alice)
    with no_context(), identity():
        (device,) = UserSession.objects.all()
    assert device.user_id == cast.olga.pk
    assert device.session_key == olga.cookies["sessionid"].value


def test_time_ends_it(as_staff, cast, stay):
    overdue(stay)
    page = as_staff.get(as_staff.get("/tasks/")["Location"])
    assert (page.status_code, stay().why) == (200, "time")
    assert "You no longer look on: Its time was up." in page.content.decode()


def test_a_change_that_comes_too_late_is_not_made(as_staff, cast, stay):
    overdue(stay)
    sent = {"title": "Late", "status": "todo"}
    assert as_staff.post("/tasks/new/", sent).status_code == 302
    assert recorded(cast.acme, "task.created") == []
    assert stay().why == "time"


def test_a_part_of_a_page_leads_the_whole_page_away(as_staff, cast, stay):
    overdue(stay)
    answer = as_staff.get("/tasks/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/admin/accounts/user/")


@pytest.mark.parametrize(
    ("who", "values", "why"),
    [
        ("olga", {"is_staff": False}, "staff"),
        ("olga", {"is_active": False}, "staff"),
        ("olga", {"banned": True}, "staff"),
        ("bob", {"is_active": False}, "person"),
        ("bob", {"banned": True}, "person"),
        ("bob", {"is_staff": True}, "person"),
    ],
    ids=str,
)
def test_it_ends_with_the_rights_it_rests_on(look_on, cast, stay, who, values, why):
    client = look_on(cast.bob)
    change(User, getattr(cast, who).pk, **values)
    assert_over(client, cast, stay, why)


@pytest.mark.parametrize(
    "values",
    [{"is_active": False}, {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}],
    ids=["suspended", "deleted"],
)
def test_it_ends_with_the_organization(as_staff, cast, stay, values):
    change(Organization, cast.acme.pk, **values)
    assert_over(as_staff, cast, stay, "organization")


def test_it_ends_with_the_membership(look_on, cast, stay):
    client = look_on(cast.bob)
    with no_context(), operator(None, reason="test"):
        rows = Membership.objects.filter(user=cast.bob)
        rows.update(suspended_at=timezone.now())
    assert_over(client, cast, stay, "organization")


def test_it_ends_with_a_person_who_is_erased(look_on, cast, stay):
    client = look_on(cast.bob)
    with no_context(), identity(cast.bob):
        erase(user=cast.bob, by=cast.bob)
    assert_over(client, cast, stay, "person")


def test_a_ban_ends_stays_at_once(as_staff, cast, stay, look):
    look(lambda: acts.ban(cast.olga, by=cast.olga, reason="Left the company"))
    assert stay().why == "staff"
    assert as_staff.get("/tasks/")["Location"].startswith("/accounts/login/")


def test_a_ban_of_the_person_ends_stays_at_once(look_on, cast, stay, sign_in):
    look_on(cast.bob)
    act(sign_in(cast.olga), User, "ban", cast.bob, reason="Spam")
    assert stay().why == "person"
    assert len(recorded(cast.acme, "support.ended")) == 1


def test_taken_rights_end_stays_at_once(as_staff, cast, stay, sign_in, look):
    with no_context(), identity():
        chief = User.objects.create_superuser("chief@example.com", PASSWORD)
    answer = sign_in(chief).post(address(User, "change", cast.olga.pk), PERSON)
    assert answer.status_code == 302, answer.content.decode()
    assert not look(lambda: User.objects.get(pk=cast.olga.pk)).is_staff
    assert stay().why == "staff"


def test_the_clock_ends_what_nobody_comes_back_to(as_staff, cast, stay):
    with no_context(), identity():
        end_overdue()
    assert stay().why == ""
    overdue(stay)
    for _twice in range(2):
        with no_context(), identity():
            end_overdue()
    assert stay().why == "time"
    assert len(recorded(cast.acme, "support.ended")) == 1
    assert as_staff.get("/tasks/").status_code == 302


def test_an_organization_that_is_gone_keeps_no_stay_from_ending(as_staff, cast, stay):
    overdue(stay)
    change(
        Impersonation, stay().pk, organization_id="018f0000-0000-7000-8000-000000000000"
    )
    with no_context(), identity():
        end_overdue()
        note(stay(), path="/tasks/", title="Tasks")
    assert stay().why == "time"


def test_a_new_password_ends_the_session_of_staff(as_staff, cast):
    with no_context(), identity():
        user = User.objects.get(pk=cast.olga.pk)
        user.set_password("another horse battery")
        user.save(update_fields=["password"])
    answer = as_staff.get("/tasks/")
    assert answer.status_code == 302
    again = as_staff.get("/tasks/")
    assert again["Location"].startswith("/accounts/login/")
