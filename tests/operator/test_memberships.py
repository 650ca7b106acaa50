import pytest

from organizations.audit.models import AuditEntry
from organizations.models import Membership
from tests.operator.conftest import CONSOLE, act, address

pytestmark = CONSOLE


@pytest.fixture
def membership(cast, look):
    """Find somebody's membership of Acme."""

    def of(name):
        user = getattr(cast, name)
        return look(lambda: Membership.objects.get(user=user))

    return of


def entry(look, action):
    return look(lambda: AuditEntry.objects.get(action=action, actor_type="operator"))


# cap 20
def test_staff_add_somebody_to_an_organization(as_olga, cast, look):
    values = {"organization": cast.acme.pk, "user": cast.nora.pk, "role": "viewer"}
    assert as_olga.post(address(Membership, "add"), values).status_code == 302
    added = look(lambda: Membership.objects.get(user=cast.nora))
    assert (added.organization_id, added.role) == (cast.acme.pk, "viewer")
    told = entry(look, "member.added")
    assert told.organization_id == cast.acme.pk
    assert told.after["role"] == "viewer"
    assert told.target_label == "Nora Example"


def test_twice_in_one_organization_is_a_form_error(as_olga, cast, look):
    values = {"organization": cast.acme.pk, "user": cast.bob.pk, "role": "viewer"}
    answer = as_olga.post(address(Membership, "add"), values)
    assert answer.status_code == 200
    assert "Not saved yet" in answer.content.decode()
    assert look(lambda: Membership.objects.filter(user=cast.bob).count()) == 1


@pytest.mark.parametrize("missing", ["organization", "user", "role"])
def test_all_three_are_needed(as_olga, cast, missing):
    values = {"organization": cast.acme.pk, "user": cast.nora.pk, "role": "viewer"}
    values.pop(missing)
    answer = as_olga.post(address(Membership, "add"), values)
    assert answer.context["errors"]


def test_a_changed_role_is_recorded(as_olga, membership, look):
    page = address(Membership, "change", membership("bob").pk)
    assert as_olga.post(page, {"role": "admin"}).status_code == 302
    assert membership("bob").role == "admin"
    told = entry(look, "member.changed")
    assert (told.before, told.after) == ({"role": "member"}, {"role": "admin"})


def test_a_membership_never_moves(as_olga, cast, membership):
    page = address(Membership, "change", membership("bob").pk)
    moved = {"role": "admin", "organization": cast.globex.pk, "user": cast.nora.pk}
    as_olga.post(page, moved)
    after = membership("bob")
    assert (after.organization_id, after.user_id) == (cast.acme.pk, cast.bob.pk)


def test_a_membership_is_ended(as_olga, as_bob, cast, membership, look):
    page = address(Membership, "delete", membership("bob").pk)
    assert as_olga.post(page, {"post": "yes"}).status_code == 302
    assert not look(lambda: Membership.objects.filter(user=cast.bob).exists())
    assert entry(look, "member.removed").target_label == "Bob Example"
    assert as_bob.get("/tasks/").status_code == 302


def test_a_member_is_suspended(as_olga, as_bob, cast, membership, look):
    act(as_olga, Membership, "suspend", membership("bob"), reason="On leave")
    assert membership("bob").is_suspended
    assert entry(look, "member.suspended").after == {"reason": "On leave"}
    assert as_bob.get("/tasks/").status_code == 302


# cap 22
def test_the_last_owner_stays_owner(as_olga, cast, membership, look):
    owner = membership("alice")
    change = address(Membership, "change", owner.pk)
    assert "no other owner" in as_olga.post(change, {"role": "member"}).content.decode()
    delete = address(Membership, "delete", owner.pk)
    answer = as_olga.post(delete, {"post": "yes"}, follow=True)
    assert "last owner" in answer.content.decode()
    act(as_olga, Membership, "suspend", owner, reason="Gone")
    after = membership("alice")
    assert (after.role, after.is_suspended) == ("owner", False)


def test_one_of_two_owners_may_go(as_olga, membership):
    as_olga.post(address(Membership, "change", membership("bob").pk), {"role": "owner"})
    page = address(Membership, "change", membership("alice").pk)
    assert as_olga.post(page, {"role": "member"}).status_code == 302
    assert membership("alice").role == "member"


@pytest.mark.parametrize(
    ("field", "words", "found"),
    [("organization", "acm", "Acme"), ("user", "nora", "Nora Example")],
)
def test_autocomplete_finds_people_and_organizations(as_olga, field, words, found):
    query = {
        "app_label": "organizations",
        "model_name": "membership",
        "field_name": field,
        "term": words,
    }
    answer = as_olga.get("/admin/autocomplete/", query)
    assert [each["text"] for each in answer.json()["results"]] == [found]
