"""Who may look on as whom, and what it takes."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.impersonation.models import Impersonation
from accounts.models import Session, User
from organizations.audit.models import PlatformEntry
from organizations.models import Membership, Organization
from organizations.tenancy import identity, no_context, operator
from tests.conftest import make_user
from tests.support.conftest import (
    CONSOLE,
    REASON,
    give_second_step,
    prove,
    recorded,
    visit_page,
)

pytestmark = CONSOLE


def stays():
    with no_context(), identity():
        return list(Impersonation.objects.order_by("pk"))


def sessions_of(person):
    with no_context(), identity():
        return list(Session.objects.filter(user=person))


# cap 14, cap 81
def test_staff_look_on_as_a_person_and_the_session_says_so(look_on, cast):
    client = look_on(cast.alice)
    (stay,) = stays()
    assert (stay.staff_id, stay.person_id) == (cast.olga.pk, cast.alice.pk)
    assert (stay.organization_id, stay.reason) == (cast.acme.pk, REASON)
    (session,) = sessions_of(cast.olga)
    assert session.impersonation_id == stay.pk
    assert sessions_of(cast.alice) == []
    page = client.get("/tasks/")
    assert page.status_code == 200
    assert "seeing Insula as Alice Example" in page.content.decode()


def test_it_is_recorded_in_the_organization_with_its_reason(look_on, cast):
    look_on(cast.alice, minutes="15")
    (entry,) = recorded(cast.acme, "support.started")
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    assert entry.actor_label == "Olga Example"
    assert entry.target_label == "Alice Example"
    assert entry.after == {"reason": REASON, "minutes": 15}
    assert recorded(cast.globex, "support.started") == []


def test_the_keys_of_the_browser_change_at_both_ends(olga, look_on, cast):
    def keys():
        return (olga.cookies["sessionid"].value, olga.cookies["csrftoken"].value)

    olga.get(visit_page(cast.alice))
    before = keys()
    look_on(cast.alice)
    during = keys()
    olga.post("/organizations/support/stop/")
    after = keys()
    for place in (0, 1):
        assert len({before[place], during[place], after[place]}) == 3
    assert len(sessions_of(cast.olga)) == 1


def test_thirty_minutes_are_offered_first_and_sixty_are_the_most(olga, cast):
    page = olga.get(visit_page(cast.alice)).content.decode()
    assert '<option value="30" selected>30 minutes</option>' in page
    sent = {"reason": REASON, "organization": str(cast.acme.pk)}
    for wrong in ("61", "0", "-1", "30.5", ""):
        answer = olga.post(visit_page(cast.alice), sent | {"minutes": wrong})
        assert answer.status_code == 422
    assert stays() == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed(olga, cast, reason):
    sent = {"reason": reason, "minutes": "30", "organization": str(cast.acme.pk)}
    answer = olga.post(visit_page(cast.alice), sent)
    assert answer.status_code == 422
    assert stays() == []


def test_a_fresh_proof_of_identity_is_needed(as_olga, cast):
    give_second_step(cast.olga)
    for answer in (
        as_olga.get(visit_page(cast.alice)),
        as_olga.post(visit_page(cast.alice), {"reason": REASON, "minutes": "30"}),
    ):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
        assert "visit" in answer["Location"]
    assert stays() == []


def test_a_second_step_is_needed(as_olga, cast):
    prove(as_olga)
    page = as_olga.get(visit_page(cast.alice)).content.decode()
    assert "needs a second step" in page
    assert 'name="reason"' not in page
    sent = {"reason": REASON, "minutes": "30", "organization": str(cast.acme.pk)}
    as_olga.post(visit_page(cast.alice), sent)
    assert stays() == []


def test_looking_on_is_a_right_of_its_own(cast, sign_in):
    reader = make_user("hugo", is_staff=True)
    give_second_step(reader)
    with no_context(), operator(cast.olga, reason="test"):
        group = Group.objects.create(name="Readers")
        codes = ["view_user", "change_user", "view_impersonation"]
        group.permissions.set(Permission.objects.filter(codename__in=codes))
        reader.groups.add(group)
    client = sign_in(reader)
    prove(client)
    page = client.get(f"/admin/accounts/user/{cast.alice.pk}/change/")
    assert "Look on as this person" not in page.content.decode()
    sent = {"reason": REASON, "minutes": "30", "organization": str(cast.acme.pk)}
    assert client.post(visit_page(cast.alice), sent).status_code == 403
    with no_context(), operator(cast.olga, reason="test"):
        group.permissions.add(Permission.objects.get(codename="start_impersonation"))
    assert client.post(visit_page(cast.alice), sent).status_code == 302
    assert len(stays()) == 1
    page = client.get("/admin/impersonation/impersonation/")
    assert page.status_code == 403


def test_the_button_stands_on_the_persons_page(olga, cast):
    page = olga.get(f"/admin/accounts/user/{cast.alice.pk}/change/").content.decode()
    assert visit_page(cast.alice) in page
    own = olga.get(f"/admin/accounts/user/{cast.olga.pk}/change/").content.decode()
    assert visit_page(cast.olga) not in own


@pytest.mark.parametrize(
    "values",
    [
        {"is_staff": True},
        {"is_superuser": True},
        {"banned": True},
        {"is_active": False},
    ],
    ids=str,
)
def test_only_ordinary_people_with_an_open_account_are_shown(olga, cast, values):
    with no_context(), identity():
        User.objects.filter(pk=cast.bob.pk).update(**values)
    sent = {"reason": REASON, "minutes": "30", "organization": str(cast.acme.pk)}
    assert olga.get(visit_page(cast.bob)).status_code == 403
    assert olga.post(visit_page(cast.bob), sent).status_code == 403
    assert stays() == []


def test_nobody_looks_on_as_themselves(olga, cast):
    sent = {"reason": REASON, "minutes": "30"}
    assert olga.post(visit_page(cast.olga), sent).status_code == 403
    assert stays() == []


def test_there_is_no_console_within_a_stay_and_so_no_second_one(as_staff, cast):
    sent = {"reason": REASON, "minutes": "30", "organization": str(cast.acme.pk)}
    assert as_staff.get("/admin/").status_code == 403
    assert as_staff.post(visit_page(cast.bob), sent).status_code == 403
    assert len(stays()) == 1


@pytest.mark.parametrize("as_somebody", ["as_alice", "as_nora"])
def test_members_are_not_told_that_there_is_such_a_page(request, cast, as_somebody):
    client = request.getfixturevalue(as_somebody)
    sent = {"reason": REASON, "minutes": "30", "organization": str(cast.acme.pk)}
    assert client.get(visit_page(cast.bob)).status_code == 404
    assert client.post(visit_page(cast.bob), sent).status_code == 404
    assert stays() == []


def test_only_open_organizations_of_the_person_are_offered(olga, cast):
    sent = {"reason": REASON, "minutes": "30"}
    foreign = olga.post(
        visit_page(cast.alice), sent | {"organization": str(cast.globex.pk)}
    )
    assert foreign.status_code == 422
    with no_context(), operator(cast.olga, reason="test"):
        Organization.objects.filter(pk=cast.acme.pk).update(is_active=False)
        Membership.objects.filter(user=cast.charlie).update(suspended_at=None)
    closed = olga.post(
        visit_page(cast.alice), sent | {"organization": str(cast.acme.pk)}
    )
    assert closed.status_code == 302
    (stay,) = stays()
    assert stay.organization_id is None


def test_a_person_without_organization_is_shown_without_one(look_on, cast):
    client = look_on(cast.nora, organization=None)
    page = client.get("/organizations/")
    assert page.status_code == 200
    assert "seeing Insula as Nora Example" in page.content.decode()
    with no_context(), operator(cast.olga, reason="test"):
        actions = PlatformEntry.objects.filter(target_label="Nora Example")
        names = set(actions.values_list("action", flat=True))
    assert {"support.started"} <= names


def test_the_persons_other_organizations_stay_out_of_sight(look_on, cast):
    from tests.conftest import join

    join(cast.globex, cast.alice, "viewer")
    client = look_on(cast.alice)
    assert "Globex" not in client.get("/organizations/").content.decode()
    assert "Globex" not in client.get("/tasks/").content.decode()
    assert client.get("/o/globex/").status_code == 404
    assert client.post(
        "/organizations/switch/", {"organization": str(cast.globex.pk)}
    ).status_code == (403)


def test_the_console_lists_stays_and_grants(olga, look_on, cast):
    look_on(cast.alice)
    olga.post("/organizations/support/stop/")
    page = olga.get("/admin/impersonation/impersonation/")
    assert page.status_code == 200
    assert REASON in page.content.decode()
    (stay,) = stays()
    one = olga.get(f"/admin/impersonation/impersonation/{stay.pk}/change/")
    assert one.status_code == 200
    assert olga.get("/admin/support/supportgrant/").status_code == 200
