import pytest

from organizations.models import Membership, Role
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import make_user

MEMBERS = "/organizations/members/"


def fill(organization, number):
    from accounts.models import User

    with identity():
        people = User.objects.bulk_create(
            [
                User(email=f"m{n}@example.com", password="!", first_name=f"Mo{n:03}")
                for n in range(number)
            ]
        )
    with no_context(), tenant(organization):
        Membership.objects.bulk_create([Membership(user=one) for one in people])


@pytest.mark.parametrize("who", ["as_alice", "as_adam", "as_bob", "as_vera"])
def test_every_role_sees_the_members(request, who):
    page = request.getfixturevalue(who).get(MEMBERS)
    assert page.status_code == 200
    for name in ("Alice Example", "adam@example.com", "Bob Example", "Viewer"):
        assert name in page.text


# cap 31
def test_members_of_other_organizations_are_not_shown(as_alice, as_charlie):
    assert "Charlie" not in as_alice.get(MEMBERS).text
    assert "Alice" not in as_charlie.get(MEMBERS).text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?q=bob", "Bob Example", "Vera Example"),
        ("?q=VERA%40EXAMPLE", "Vera Example", "Bob Example"),
        ("?role=admin", "Adam Example", "Bob Example"),
        ("?role=viewer&q=e", "Vera Example", "Adam Example"),
    ],
)
def test_the_list_can_be_searched_and_narrowed(as_alice, query, shown, hidden):
    rows = as_alice.get(MEMBERS + query, headers={"hx-request": "true"}).text
    assert shown in rows
    assert hidden not in rows


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE", "zzz"])
def test_search_words_are_only_words(as_alice, words):
    page = as_alice.get(MEMBERS, {"q": words})
    assert "Nobody matches" in page.text


@pytest.mark.parametrize(
    "query", ["?role=god", "?after=x", "?q=" + "x" * 5000, "?after=" + "9" * 40]
)
def test_filters_that_make_no_sense_are_left_out(as_alice, query):
    page = as_alice.get(MEMBERS + query)
    assert page.status_code == 200
    assert "Bob Example" in page.text


def test_the_role_filter_counts_members(as_alice):
    page = as_alice.get(MEMBERS).text
    for role in Role:
        assert f"{role.label} (1)" in page


def test_pages_follow_each_other_without_a_gap_or_a_repeat(as_alice, cast):
    fill(cast.acme, 120)
    names, address = [], MEMBERS
    while address:
        answer = as_alice.get(address)
        names += [one.user.email for one in answer.context["members"]]
        after = answer.context["after"]
        address = f"{MEMBERS}?after={after}" if after else None
    assert len(names) == len(set(names)) == 124


def test_the_next_page_brings_rows_alone_to_scripts(as_alice, cast):
    fill(cast.acme, 60)
    after = as_alice.get(MEMBERS).context["after"]
    rows = as_alice.get(f"{MEMBERS}?after={after}", headers={"hx-request": "true"})
    assert "<tr>" in rows.text
    assert "<table" not in rows.text
    assert "<html" not in rows.text


def test_a_search_brings_the_table_alone_to_scripts(as_alice):
    part = as_alice.get(MEMBERS + "?q=bob", headers={"hx-request": "true"}).text
    assert part.strip().startswith('<div id="members">')


def test_going_back_brings_the_whole_page(as_alice):
    headers = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<html" in as_alice.get(MEMBERS + "?q=bob", headers=headers).text


# the page of an organization of five and of fifty
def test_the_page_costs_the_same_with_fifty_members(
    as_charlie, cast, django_assert_num_queries
):
    with django_assert_num_queries(5):
        as_charlie.get(MEMBERS)
    fill(cast.globex, 49)
    with django_assert_num_queries(5):
        page = as_charlie.get(MEMBERS)
    assert "Mo048" in page.text


def test_a_suspended_member_is_marked(as_alice, cast):
    from organizations import flows

    with no_context(), tenant(cast.acme):
        membership = Membership.objects.get(user=cast.bob)
        flows.suspend_member(membership=membership, by=cast.alice)
    assert "Suspended" in as_alice.get(MEMBERS).text


def test_names_are_shown_as_text(as_alice, cast):
    from tests.conftest import join

    join(cast.acme, make_user("mallory", first_name="<b>Mal</b>"), "viewer")
    page = as_alice.get(MEMBERS).text
    assert "<b>Mal" not in page
    assert "&lt;b&gt;Mal" in page
