"""Members with a custom role: what they may do from the next page on."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from organizations import flows as organization_flows
from organizations.models import Membership, Role
from organizations.queries import memberships_of
from organizations.roles import flows
from organizations.tenancy import as_user, no_context, tenant
from tests.conftest import join
from tests.history import entries
from tests.roles.conftest import ROLES, SEES

ASSIGN = ROLES + "assign/"


def assign(client, member, role):
    body = {"member": member.pk, "role": role.pk if role else ""}
    return client.post(ASSIGN, body)


def may(client):
    return client.get("/organizations/").wsgi_request.abilities


# C1
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_a_role_is_given_and_recorded(request, cast, role, member, who):
    made = role(base="viewer")
    answer = assign(request.getfixturevalue(who), member("bob"), made)
    assert answer["Location"] == f"/organizations/members/{member('bob').pk}/"
    now = member("bob")
    assert (now.custom_role, now.role, now.role_name) == (made, "viewer", "Auditor")
    (entry,) = entries(cast.acme, "member.role_changed")
    assert entry.before == {"role": "member"}
    assert entry.after == {"role": "viewer", "custom_role": "Auditor"}


# C1
def test_it_holds_from_the_next_request_on(as_bob, role, give, cast, member):
    assert "tasks.edit" in may(as_bob)
    made = role()
    give("bob", made)
    assert may(as_bob) == set(SEES)
    assert as_bob.get("/tasks/new/").status_code == 403
    with no_context(), tenant(cast.acme):
        more = [*SEES, "tasks.edit"]
        flows.edit_role(role=made, name="Auditor", abilities=more, by=None)
    assert may(as_bob) == {*SEES, "tasks.edit"}
    assert as_bob.get("/tasks/new/").status_code == 200


def test_it_can_give_more_than_the_role_it_is_built_on(as_vera, role, give):
    give("vera", role("Reader", [*SEES, "audit.view"], base="viewer"))
    assert as_vera.get("/audit/").status_code == 200
    assert as_vera.get("/tasks/new/").status_code == 403


def test_taking_it_away_leaves_what_it_was_built_on(
    as_alice, as_bob, role, give, member
):
    give("bob", role(base="viewer"))
    assign(as_alice, member("bob"), None)
    assert (member("bob").custom_role, member("bob").role) == (None, "viewer")
    assert "members.view" in may(as_bob)


def test_no_request_asks_once_more(as_bob, role, give, django_assert_num_queries):
    with django_assert_num_queries(3):
        as_bob.get("/organizations/")
    give("bob", role())
    with django_assert_num_queries(3):
        as_bob.get("/organizations/")


def test_the_same_role_again_records_nothing(as_alice, cast, role, member):
    made = role()
    for _time in range(2):
        assign(as_alice, member("bob"), made)
    assert len(entries(cast.acme, "member.role_changed")) == 1


# cap 33
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_give_none(request, role, member, who):
    made = role()
    assert assign(request.getfixturevalue(who), member("adam"), made).status_code == 403
    assert member("adam").custom_role is None


def test_owners_have_no_custom_role(as_alice, as_adam, role, member):
    made = role()
    for client in (as_alice, as_adam):
        answer = assign(client, member("alice"), made)
        assert answer.status_code == 302
    assert (member("alice").role, member("alice").custom_role) == ("owner", None)


def test_the_database_gives_owners_none(cast, role):
    made = role()
    with no_context(), tenant(cast.acme), transaction.atomic():
        rows = Membership.objects.filter(user=cast.alice)
        with pytest.raises(IntegrityError, match="organizations_owner_is_whole"):
            rows.update(custom_role=made)


def test_nobody_gives_more_than_they_may_themselves(as_bob, role, give, member):
    people = ["members.view", "members.edit", "organization.view"]
    give("bob", role("People", people))
    more, less = role("More", ["members.view", "audit.view"]), role("Less", people[:1])
    assert assign(as_bob, member("vera"), more).status_code == 302
    assert member("vera").custom_role is None
    assign(as_bob, member("vera"), less)
    assert member("vera").custom_role == less


# cap 31
@pytest.mark.parametrize("what", ["member", "role"])
def test_foreign_and_missing_ones_answer_alike(as_alice, role, member, what):
    ours = {"member": member("bob").pk, "role": role().pk}
    theirs = {
        "member": member("charlie", "globex").pk,
        "role": role(home="globex").pk,
    }
    answers = [
        as_alice.post(ASSIGN, ours | {what: value})
        for value in (theirs[what], uuid.uuid4(), "x", "\x00")
    ]
    assert {answer.status_code for answer in answers} <= {400, 404}
    assert answers[0].content == answers[1].content
    assert member("bob").custom_role is None


# cap 31
def test_the_database_gives_no_role_of_another_organization(cast, role):
    foreign = role(home="globex")
    with no_context(), tenant(cast.acme), transaction.atomic():
        rows = Membership.objects.filter(user=cast.bob)
        with pytest.raises(IntegrityError):
            rows.update(custom_role_id=foreign.pk)


def test_another_role_of_the_four_ends_the_custom_one(cast, role, give, member):
    give("bob", role("Reader", [*SEES, "audit.view"]))
    with no_context(), tenant(cast.acme):
        organization_flows.change_role(
            membership=member("bob"), role=Role.VIEWER, by=None
        )
    assert (member("bob").role, member("bob").custom_role) == ("viewer", None)


def test_raw_sql_ends_it_as_well(cast, role, give, member):
    give("bob", role())
    with no_context(), tenant(cast.acme), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organizations_membership SET role = 'owner' WHERE user_id = %s",
            [cast.bob.pk],
        )
    assert (member("bob").role, member("bob").custom_role) == ("owner", None)


def test_each_organization_has_its_own(cast, role, give, sign_in):
    join(cast.globex, cast.bob, "admin")
    give("bob", role())
    assert may(sign_in(cast.bob, cast.acme)) == set(SEES)
    assert "audit.view" in may(sign_in(cast.bob, cast.globex))


@pytest.mark.parametrize("where", ["acme", "globex", None])
def test_it_is_read_wherever_one_was_before(cast, role, give, where):
    join(cast.globex, cast.bob, "admin")
    made = role()
    give("bob", made)
    context = tenant(getattr(cast, where), cast.bob) if where else as_user(cast.bob)
    with no_context(), context:
        found, _last = memberships_of(cast.bob)
    roles = {one.organization_id: one.custom_role for one in found}
    assert roles == {cast.acme.pk: made, cast.globex.pk: None}
    assert roles[cast.acme.pk].abilities == SEES


def test_a_role_that_cannot_be_read_gives_nothing(role, give, member):
    from organizations.permissions import effective

    give("bob", role())
    bob = member("bob")
    Membership._meta.get_field("custom_role").set_cached_value(bob, None)
    assert effective(bob) == frozenset()


def test_the_pages_say_what_the_role_is_called(as_bob, role, give):
    give("bob", role("Auditor", [*SEES, "tasks.edit"]))
    assert "Auditor" in as_bob.get("/organizations/settings/").text
    assert "Auditor" in as_bob.get("/organizations/").text


def test_the_switcher_says_it_too(cast, role, give, sign_in):
    join(cast.globex, cast.bob, "viewer")
    give("bob", role("Auditor", [*SEES, "tasks.edit"]))
    page = sign_in(cast.bob, cast.globex).get("/tasks/").text
    assert '<span class="sub">Auditor</span>' in page


@pytest.mark.parametrize("base", ["admin", "member", "viewer"])
def test_what_it_is_built_on_gives_nothing_by_itself(as_bob, role, give, base):
    give("bob", role("Reader", ["tasks.view"], base=base))
    assert may(as_bob) == {"tasks.view"}
    for page in ("/organizations/members/", "/organizations/settings/", "/audit/"):
        assert as_bob.get(page).status_code == 403


def test_a_suspended_member_keeps_the_role_and_may_nothing(
    cast, as_bob, role, give, member
):
    made = role()
    give("bob", made)
    with no_context(), tenant(cast.acme):
        organization_flows.suspend_member(membership=member("bob"), by=None)
    assert as_bob.get("/tasks/").status_code == 302
    assert member("bob").custom_role == made


def test_whoever_leaves_sets_the_role_free(cast, role, give, member, roles_now):
    made = role()
    give("bob", made)
    with no_context(), tenant(cast.acme, cast.bob):
        organization_flows.leave(membership=member("bob"))
    with no_context(), tenant(cast.acme):
        flows.remove_role(role=made, by=None)
    assert roles_now() == []


def test_a_page_opened_elsewhere_gives_nothing(as_alice, cast, role, member):
    made = role()
    body = {"member": member("bob").pk, "role": made.pk}
    answer = as_alice.post(ASSIGN, body | {"organization": cast.globex.pk})
    assert answer.status_code == 409
    assert member("bob").custom_role is None


def test_the_form_for_other_pages_offers_every_role(rf, cast, role, member, give):
    from django.template.loader import render_to_string

    made, _other = role(), role("Reader")
    give("bob", made)
    request = rf.get("/")
    request.organization = cast.acme
    roles = [made, _other]
    context = {"member": member("bob"), "custom_roles": roles, "request": request}
    form = render_to_string("roles/assign.html", context)
    assert 'action="/organizations/roles/assign/"' in form
    assert "None: plain Member" in form
    assert form.count("<option") == 3
    assert form.count("selected") == 1
