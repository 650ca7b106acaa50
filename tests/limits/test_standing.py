"""What unpaid bills close, and what stays open."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.invitations.flows import make_link
from organizations.models import Membership, Role
from organizations.permissions import ABILITIES
from organizations.tenancy import no_context, tenant
from tests.conftest import PASSWORD
from tests.history import entries
from tests.limits.conftest import PAGE, acme_now, set_acme

NEW, LIST, EXPORT = "/tasks/new/", "/tasks/", "/tasks/export/"
DELETE = "/organizations/settings/delete/"
HTMX = {"headers": {"hx-request": "true"}}
READ_ONLY = "Everything can be read and exported, and nothing can be changed"
CLOSED = "nothing is open here but billing and the export of tasks"


@pytest.fixture
def stand(cast):
    def put(standing):
        set_acme(cast, standing=standing)

    return put


@pytest.fixture
def way_in(cast):
    """A link into Acme."""
    with no_context(), tenant(cast.acme, cast.alice):
        values = {"max_uses": None, "allowed_domains": [], "days": 7}
        _link, token = make_link(
            organization=cast.acme, by=cast.alice, role=Role.MEMBER, **values
        )
    return f"/join/{token}/"


def test_a_new_organization_stands_well(cast, as_bob):
    assert acme_now(cast).standing == "good"
    assert "A payment is overdue" not in as_bob.get(LIST).text


# cap 54
@pytest.mark.parametrize("address", [LIST, NEW, "/audit/", PAGE, "/gallery/", EXPORT])
def test_read_only_everything_can_be_read(as_alice, stand, acme_board, address):
    acme_board.add()
    stand("read_only")
    assert as_alice.get(address).status_code == 200


# cap 54
@pytest.mark.parametrize(
    ("address", "values"),
    [
        (NEW, {"title": "Oil the gate"}),
        ("/organizations/invitations/link/", {"role": "member", "days": "7"}),
        ("/organizations/settings/", {"name": "Other"}),
        ("/organizations/teams/new/", {"name": "Warehouse"}),
        ("/gallery/upload/", {}),
    ],
)
def test_read_only_nothing_can_be_changed(as_alice, stand, cast, address, values):
    stand("read_only")
    before = len(entries(cast.acme))
    answer = as_alice.post(address, values)
    assert answer.status_code == 402
    assert READ_ONLY in answer.text
    assert "You can pay it." in answer.text
    assert len(entries(cast.acme)) == before


def test_a_member_is_told_who_can_pay(as_bob, stand):
    stand("read_only")
    page = as_bob.post(NEW, {"title": "Oil the gate"}).text
    assert "Alice Example or Adam Example can pay it." in page


def test_a_script_is_told_by_a_toast(as_bob, stand, acme_board):
    task = acme_board.add()
    stand("read_only")
    answer = as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"}, **HTMX)
    assert (answer.status_code, answer.content) == (402, b"")
    assert READ_ONLY in answer["HX-Trigger"]
    assert acme_board.now(task).status == "todo"


# cap 54
@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_what_is_theirs_can_be_taken_along(as_bob, stand, acme_board, standing):
    acme_board.add("Oil the gate")
    stand(standing)
    assert as_bob.get(EXPORT).status_code == 200
    answer = as_bob.post(EXPORT, {"format": "csv"})
    assert "Oil the gate" in answer.getvalue().decode()


@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_nobody_is_held(as_bob, stand, cast, standing):
    stand(standing)
    assert as_bob.post("/organizations/members/leave/").status_code == 302
    with no_context(), tenant(cast.acme):
        assert not Membership.objects.filter(user=cast.bob).exists()


@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_an_owner_may_end_it(as_alice, stand, cast, standing):
    stand(standing)
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert as_alice.get(DELETE).status_code == 200
    as_alice.post(DELETE, {"typed": "acme"})
    assert acme_now(cast).deleted_at is not None


# cap 54
@pytest.mark.parametrize(
    "address", [LIST, NEW, "/audit/", "/gallery/", "/tasks/board/"]
)
def test_suspended_pages_are_closed(as_alice, stand, acme_board, address):
    acme_board.add("Oil the gate")
    stand("suspended")
    answer = as_alice.get(address)
    assert answer.status_code == 402
    assert CLOSED in answer.text
    assert "Oil the gate" not in answer.text
    assert "/tasks/export/" in answer.text


def test_one_organization_stands_for_itself_alone(stand, as_charlie, sign_in, cast):
    stand("suspended")
    assert as_charlie.get(LIST).status_code == 200
    assert as_charlie.post(NEW, {"title": "Oil the gate"}).status_code == 302


def test_people_can_switch_away_and_keep_their_account(as_alice, stand):
    stand("suspended")
    assert as_alice.get("/organizations/").status_code == 200
    assert as_alice.get("/accounts/profile/").status_code == 200


# cap 54
@pytest.mark.parametrize(
    ("standing", "kind", "words"),
    [("read_only", "warning", READ_ONLY), ("suspended", "critical", CLOSED)],
)
def test_every_page_says_how_it_stands(as_bob, stand, standing, kind, words):
    stand(standing)
    page = as_bob.get(EXPORT).text
    assert f"banner {kind}" in page
    assert words in page


def test_the_hot_list_says_it_as_well(as_bob, stand):
    assert "banner" not in as_bob.get(LIST).text
    stand("read_only")
    assert READ_ONLY in as_bob.get(LIST).text
    stand("good")
    assert "banner" not in as_bob.get(LIST).text


def test_standing_takes_no_statement_more(
    as_bob, stand, django_assert_num_queries, acme_board
):
    acme_board.add()
    as_bob.get(LIST)
    with CaptureQueriesContext(connection) as before:
        as_bob.get(LIST)
    stand("read_only")
    with django_assert_num_queries(len(before)):
        as_bob.get(LIST)


# cap 54
@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_a_link_lets_nobody_in(stand, as_nora, way_in, cast, standing):
    stand(standing)
    answer = as_nora.post(way_in + "accept/")
    assert answer.status_code == 422
    assert "Nobody can join Acme at the moment" in answer.text
    assert "overdue" not in answer.text
    with no_context(), tenant(cast.acme):
        assert not Membership.objects.filter(user=cast.nora).exists()
    stand("good")
    assert as_nora.post(way_in + "accept/").status_code == 302


def test_members_find_their_own_link_as_before(stand, as_bob, way_in):
    stand("read_only")
    assert as_bob.post(way_in + "accept/").status_code == 302


# cap 54
@pytest.mark.parametrize("joining", ["automatic", "asking"])
def test_a_domain_lets_nobody_in(stand, as_nora, cast, joining):
    with no_context(), tenant(cast.acme):
        OrganizationDomain.objects.create(
            domain="example.com", verified_at=timezone.now(), joining=joining
        )
    stand("read_only")
    answer = as_nora.post(
        "/organizations/domains/join/",
        {"organization_id": str(cast.acme.pk)},
        follow=True,
    )
    assert "Nobody can join there at the moment" in answer.text
    with no_context(), tenant(cast.acme):
        assert not Membership.objects.filter(user=cast.nora).exists()
        assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("ability", ["billing.view", "billing.edit"])
def test_owners_and_admins_pay(ability):
    roles, words = ABILITIES[ability]
    assert roles == {Role.OWNER, Role.ADMIN}
    assert str(words)


def test_the_database_knows_three_standings(cast):
    with pytest.raises(IntegrityError, match="organizations_standing"):
        set_acme(cast, standing="nonsense")


@pytest.mark.parametrize(
    ("who", "refused", "good"), [("as_adam", 3, 2), ("as_bob", 0, 0)]
)
def test_who_can_pay_is_led_there(request, stand, settings, who, refused, good):
    settings.ROOT_URLCONF = "tests.limits.addresses"
    client = request.getfixturevalue(who)
    stand("read_only")
    # One in the strip, one on the page, one in the sidebar.
    assert client.post(NEW, {"title": "x"}).text.count('href="/billing/"') == refused
    stand("good")
    assert client.get(PAGE).text.count('href="/billing/"') == good
